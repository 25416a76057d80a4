import { listenAddress } from "@resonance/kit";
import { z } from "zod";

/** The gateway's settings, as they stand in the environment. */
export const Config = z.object({
  RESONANCE_GATEWAY_ID: z
    .string()
    // It is a token of a NATS subject.
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, - or _")
    .default("gateway-service-001"),
  RESONANCE_HTTP_LISTEN: listenAddress.prefault("127.0.0.1:8080"),
  RESONANCE_GATEWAY_LISTEN: listenAddress.prefault("127.0.0.1:15091"),
  RESONANCE_METRICS_LISTEN: listenAddress.prefault("127.0.0.1:0"),
  RESONANCE_LOGIC_ADDRESS: z.string().regex(/^\S+:\d{1,5}$/, "must be host:port"),
  RESONANCE_NATS_URL: z.url({ protocol: /^(nats|tls)$/, error: "must be nats://host:port" }),
  RESONANCE_WEB_ROOT: z.string().optional(),
  RESONANCE_ALLOWED_ORIGINS: z.string().default("").transform(parseOrigins),
});

export type Config = z.infer<typeof Config>;

function parseOrigins(list: string, context: z.RefinementCtx): ReadonlySet<string> {
  const origins = list
    .split(",")
    .map((origin) => origin.trim())
    .filter((origin) => origin !== "");
  for (const origin of origins) {
    if (URL.parse(origin)?.origin === origin) continue;
    context.addIssue({
      code: "custom",
      message: `${origin} is not an origin: it looks like https://host or https://host:port`,
    });
  }
  return new Set(origins);
}
