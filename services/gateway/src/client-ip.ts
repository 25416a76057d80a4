import type { IncomingMessage } from "node:http";
import { type BlockList, isIP } from "node:net";

/**
 * The address a request comes from. `X-Forwarded-For` counts only as far as trusted proxies wrote
 * it: from its end, up to the first address that is none of theirs.
 */
export function clientIpOf(
  request: Pick<IncomingMessage, "headers" | "socket">,
  trustedProxies: BlockList,
): string {
  let ip = plainIp(request.socket.remoteAddress ?? "unknown");
  const forwarded = request.headers["x-forwarded-for"];
  const hops = (Array.isArray(forwarded) ? forwarded.join() : (forwarded ?? "")).split(",");
  for (const hop of hops.toReversed()) {
    const before = plainIp(hop.trim());
    if (!isTrusted(ip, trustedProxies) || isIP(before) === 0) break;
    ip = before;
  }
  return ip;
}

/** What counts as one address: of IPv6 the first 64 bits, which one client has to itself. */
export function networkOf(ip: string): string {
  if (isIP(ip) !== 6) return ip;
  const [head = "", tail] = ip.toLowerCase().split("::");
  const first = head.split(":").filter((group) => group !== "");
  const rest = (tail ?? "").split(":").filter((group) => group !== "");
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - rest.length) }, () => "0");
  return `${[...first, ...zeros, ...rest].slice(0, 4).join(":")}::/64`;
}

function isTrusted(ip: string, trustedProxies: BlockList): boolean {
  const version = isIP(ip);
  return version !== 0 && trustedProxies.check(ip, version === 4 ? "ipv4" : "ipv6");
}

function plainIp(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
}
