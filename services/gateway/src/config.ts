import { BlockList, isIP } from "node:net";
import { listenAddress } from "@resonance/kit";
import { callersWithoutKey, serviceKey, serviceKeys } from "@resonance/rpc";
import { z } from "zod";
import type { Rate } from "./token-buckets.ts";

/** `<per second>:<burst>` as in `0.2:10`, or `off`. */
const rate = z
  .string()
  .regex(/^(\d{1,7}(\.\d{1,4})?:[1-9]\d{0,6}|off)$/, "must be <per second>:<burst>, or off")
  .transform((value, context): Rate | undefined => {
    if (value === "off") return undefined;
    const [perSecond = 0, burst = 0] = value.split(":").map(Number);
    if (perSecond === 0) context.addIssue({ code: "custom", message: "the rate must not be 0" });
    return { perSecond, burst };
  });

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
  RESONANCE_SERVICE_KEY: serviceKey,
  /** Of Tasks that push to this gateway by its address. */
  RESONANCE_SERVICE_KEYS: serviceKeys,
  RESONANCE_CALLERS_WITHOUT_KEY: callersWithoutKey,
  RESONANCE_NATS_URL: z.url({ protocol: /^(nats|tls)$/, error: "must be nats://host:port" }),
  RESONANCE_WEB_ROOT: z.string().optional(),
  RESONANCE_ALLOWED_ORIGINS: z.string().default("").transform(parseOrigins),
  /** Addresses or networks (`10.0.0.0/8`) of proxies whose `X-Forwarded-For` counts. */
  RESONANCE_TRUSTED_PROXIES: z.string().default("").transform(parseNetworks),
  /** All HTTP requests and upgrades of one client address. */
  RESONANCE_LIMIT_REQUESTS_PER_IP: rate.prefault("1000:2000"),
  /** Calls of AuthService from one client address. */
  RESONANCE_LIMIT_SIGN_INS_PER_IP: rate.prefault("100:200"),
  /** Calls of SessionService by one user. */
  RESONANCE_LIMIT_CALLS_PER_USER: rate.prefault("100:200"),
  /** Messages of one user, over all connections to this gateway. */
  RESONANCE_LIMIT_MESSAGES_PER_USER: rate.prefault("500:2000"),
});

export type Config = z.infer<typeof Config>;

function parseOrigins(list: string, context: z.RefinementCtx): ReadonlySet<string> {
  const origins = itemsOf(list);
  for (const origin of origins) {
    if (URL.parse(origin)?.origin === origin) continue;
    context.addIssue({
      code: "custom",
      message: `${origin} is not an origin: it looks like https://host or https://host:port`,
    });
  }
  return new Set(origins);
}

function parseNetworks(list: string, context: z.RefinementCtx): BlockList {
  const networks = new BlockList();
  for (const item of itemsOf(list)) {
    const [address = "", bits, ...more] = item.split("/");
    const maxBits = isIP(address) === 4 ? 32 : 128;
    const prefix = bits === undefined ? maxBits : Number(bits);
    // "10.0.0.7/" is a slip: taken for /0 it would trust everybody.
    const isPrefix = more.length === 0 && (bits === undefined || /^\d{1,3}$/.test(bits));
    if (isIP(address) !== 0 && isPrefix && prefix <= maxBits) {
      networks.addSubnet(address, prefix, isIP(address) === 4 ? "ipv4" : "ipv6");
    } else {
      context.addIssue({
        code: "custom",
        message: `${item} is not an address: it looks like 10.0.0.7 or 10.0.0.0/8`,
      });
    }
  }
  return networks;
}

function itemsOf(list: string): string[] {
  return list
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
