import { listenAddress } from "@resonance/kit";
import { backendSettings } from "@resonance/ops-mcp";
import { serviceKey } from "@resonance/rpc";
import { z } from "zod";
import { brainCheck, brainShape } from "./brain/brain-settings.ts";

/** What the bot reads from its environment. */
export const Config = z
  .object({
    RESONANCE_LOGIC_ADDRESS: z.string().regex(/^\S+:\d{1,5}$/, "must be host:port"),
    RESONANCE_SERVICE_KEY: serviceKey,
    RESONANCE_NATS_URL: z.url({ protocol: /^(nats|tls)$/, error: "must be nats://host:port" }),
    RESONANCE_METRICS_LISTEN: listenAddress.default({ host: "127.0.0.1", port: 0 }),
    /** `run/services.json` of the stack on this machine. Without it the bot says that it is blind. */
    RESONANCE_STACK_FILE: z.string().optional(),
    ...backendSettings,
    /** How long one question may take. */
    RESONANCE_BOT_DEADLINE_MS: z.coerce.number().int().min(1_000).max(3_600_000).default(60_000),
    /** How many questions are worked on side by side. */
    RESONANCE_BOT_CONCURRENCY: z.coerce.number().int().min(1).max(100).default(8),
    ...brainShape,
  })
  .superRefine(...brainCheck);
