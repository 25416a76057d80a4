import { listenAddress, secret } from "@resonance/kit";
import { callersWithoutKey, serviceKeys } from "@resonance/rpc";
import { z } from "zod";

/** What Logic reads from its environment. */
export const Config = z.object({
  RESONANCE_MYSQL_URL: z.url({
    protocol: /^mysql$/,
    error: "must be mysql://user:password@host:port/database",
  }),
  RESONANCE_NATS_URL: z.url({ protocol: /^(nats|tls)$/, error: "must be nats://host:port" }),
  RESONANCE_LOGIC_LISTEN: listenAddress.default({ host: "127.0.0.1", port: 15_090 }),
  RESONANCE_METRICS_LISTEN: listenAddress.default({ host: "127.0.0.1", port: 0 }),
  RESONANCE_AUTH_SECRET_KEY: secret,
  /** Of the audit's hash chain: what administrators do about people is on record. */
  RESONANCE_AUDIT_KEY: secret,
  /** How long an access token holds that its client can renew. Sockets are closed at its end. */
  RESONANCE_ACCESS_TOKEN_SECONDS: z.coerce.number().int().min(5).max(86_400).default(900),
  RESONANCE_SERVICE_KEYS: serviceKeys,
  RESONANCE_CALLERS_WITHOUT_KEY: callersWithoutKey,
  /** When set, the user `admin` is made at start if it does not exist. */
  RESONANCE_ADMIN_PASSWORD: z.string().min(8).max(72).optional(),
  /** bcrypt's: each one more takes twice as long. 10 is for tests. */
  RESONANCE_PASSWORD_COST: z.coerce.number().int().min(10).max(15).default(12),
  /** How long a question to a bot may wait that no worker has begun with. As the bot's own. */
  RESONANCE_BOT_DEADLINE_MS: z.coerce.number().int().min(1_000).max(3_600_000).default(300_000),
  /**
   * From how many events that wait to be marked as sent they are stored as sent instead, under a
   * watermark. 0 is never, as where only a Logic of another make may be there after a crash.
   */
  RESONANCE_OUTBOX_MANY_ROWS: z.coerce.number().int().min(0).max(10_000).default(256),
  RESONANCE_MYSQL_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(12),
});
