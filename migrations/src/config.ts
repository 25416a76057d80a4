import { z } from "zod";

export const Config = z.object({
  RESONANCE_MYSQL_URL: z.string(),
});
