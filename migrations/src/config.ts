import { z } from "zod";

export const Config = z.object({
  RESONANCE_MYSQL_URL: z.string(),
});

const password = z.string().min(12, "must have 12 characters or more");

/** What `grant` reads besides: the services' passwords in the database. */
export const GrantConfig = Config.extend({
  RESONANCE_MYSQL_LOGIC_PASSWORD: password,
  RESONANCE_MYSQL_TASK_PASSWORD: password,
  RESONANCE_MYSQL_BOT_PASSWORD: password,
});
