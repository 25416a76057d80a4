import { listenAddress } from "@resonance/kit";
import { z } from "zod";

/** What Task reads from its environment. */
export const Config = z.object({
  RESONANCE_MYSQL_URL: z.url({
    protocol: /^mysql$/,
    error: "must be mysql://user:password@host:port/database",
  }),
  RESONANCE_NATS_URL: z.url({ protocol: /^(nats|tls)$/, error: "must be nats://host:port" }),
  RESONANCE_METRICS_LISTEN: listenAddress.default({ host: "127.0.0.1", port: 0 }),
  /** Whose inboxes get what is said in a room of over 200 members. */
  RESONANCE_LARGE_ROOM_INBOXES: z.enum(["first-member", "every-member"]).default("first-member"),
  RESONANCE_MYSQL_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(4),
});
