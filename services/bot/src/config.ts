import { listenAddress, secret } from "@resonance/kit";
import { backendSettings } from "@resonance/ops-mcp";
import { serviceKey } from "@resonance/rpc";
import { z } from "zod";
import { dataPolicies } from "./boundary/session-policy.ts";
import { brainCheck, brainShape } from "./brain/brain-settings.ts";

/** What the bot reads from its environment. */
export const Config = z
  .object({
    RESONANCE_LOGIC_ADDRESS: z.string().regex(/^\S+:\d{1,5}$/, "must be host:port"),
    RESONANCE_SERVICE_KEY: serviceKey,
    RESONANCE_MYSQL_URL: z.url({
      protocol: /^mysql$/,
      error: "must be mysql://user:password@host:port/database",
    }),
    RESONANCE_NATS_URL: z.url({ protocol: /^(nats|tls)$/, error: "must be nats://host:port" }),
    RESONANCE_METRICS_LISTEN: listenAddress.default({ host: "127.0.0.1", port: 0 }),
    /** `run/services.json` of the stack on this machine. Without it the bot says that it is blind. */
    RESONANCE_STACK_FILE: z.string().optional(),
    ...backendSettings,
    /** Of the audit's hash chain. */
    RESONANCE_AUDIT_KEY: secret,
    /** Who may do what where RESONANCE_POLICY_FILE says nothing. On one's own machine everybody signed in may look. */
    RESONANCE_BUILT_IN_POLICY: z.enum(["shipped", "local"]).default("shipped"),
    /** Read again whenever it changes. */
    RESONANCE_POLICY_FILE: z.string().optional(),
    /** How long one question may take from when it is first worked on. */
    RESONANCE_BOT_DEADLINE_MS: z.coerce.number().int().min(1_000).max(3_600_000).default(300_000),
    /** How many questions are worked on side by side. */
    RESONANCE_BOT_CONCURRENCY: z.coerce.number().int().min(1).max(1_000).default(32),
    /** How long a worker that says nothing keeps its questions; a living one renews after a third of it. */
    RESONANCE_BOT_LEASE_MS: z.coerce.number().int().min(1_500).max(300_000).default(15_000),
    /** How long a restart is watched before it is called stuck. */
    RESONANCE_BOT_ROLLOUT_MS: z.coerce.number().int().min(1_000).max(3_600_000).default(180_000),
    /** How many messages before the question the brain is told of. */
    RESONANCE_BOT_CONTEXT_MESSAGES: z.coerce.number().int().min(0).max(1_000).default(10),
    /** How many tokens of the model's window are used, the answer included. Default: by the brain. */
    RESONANCE_BOT_CONTEXT_TOKENS: z.coerce.number().int().min(8_000).max(2_000_000).optional(),
    /** What of a session may leave the house, where `/policy` has set nothing else. */
    RESONANCE_BOT_DATA_POLICY: z.enum(dataPolicies).default("pseudonyms"),
    ...brainShape,
  })
  .superRefine(...brainCheck);
