import { BlockList, isIP } from "node:net";
import type { BrainPort } from "../model-port.ts";

const inTheHouse = new BlockList();
inTheHouse.addSubnet("127.0.0.0", 8, "ipv4");
inTheHouse.addSubnet("10.0.0.0", 8, "ipv4");
inTheHouse.addSubnet("172.16.0.0", 12, "ipv4");
inTheHouse.addSubnet("192.168.0.0", 16, "ipv4");
inTheHouse.addSubnet("169.254.0.0", 16, "ipv4");
inTheHouse.addAddress("::1", "ipv6");
inTheHouse.addSubnet("fc00::", 7, "ipv6");
inTheHouse.addSubnet("fe80::", 10, "ipv6");

/**
 * Whether an endpoint is in the house: a loopback or private address, or a name that no public DNS
 * has (`localhost`, `ollama`, `gpu.internal`). Anything else leaves it.
 */
export function reachOf(url: string): BrainPort["reach"] {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const version = isIP(host);
  if (version !== 0)
    return inTheHouse.check(host, version === 6 ? "ipv6" : "ipv4") ? "local" : "cloud";
  const isPrivateName =
    !host.includes(".") || /\.(localhost|local|internal|lan|home\.arpa)$/.test(host);
  return isPrivateName ? "local" : "cloud";
}
