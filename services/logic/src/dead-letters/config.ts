import { z } from "zod";

/** What the command reads from its environment. */
export const Config = z.object({
  RESONANCE_MYSQL_URL: z.url({
    protocol: /^mysql$/,
    error: "must be mysql://user:password@host:port/database",
  }),
});
