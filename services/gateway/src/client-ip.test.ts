import type { IncomingMessage } from "node:http";
import { BlockList } from "node:net";
import { expect, test } from "vitest";
import { clientIpOf, networkOf } from "./client-ip.ts";

const proxies = new BlockList();
proxies.addAddress("10.0.0.1");
proxies.addSubnet("192.168.0.0", 16);
proxies.addAddress("::1", "ipv6");

function ipOf(remoteAddress: string | undefined, forwardedFor?: string, trusted = proxies) {
  // Only these two are looked at.
  const request = {
    socket: { remoteAddress },
    headers: forwardedFor === undefined ? {} : { "x-forwarded-for": forwardedFor },
  } as unknown as IncomingMessage;
  return clientIpOf(request, trusted);
}

test.each([
  ["nobody is trusted", new BlockList(), "10.0.0.1", "1.2.3.4", "10.0.0.1"],
  ["a stranger says who he is", proxies, "9.9.9.9", "1.2.3.4", "9.9.9.9"],
  ["a proxy says it", proxies, "10.0.0.1", "1.2.3.4", "1.2.3.4"],
  ["a proxy says it over IPv6", proxies, "::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4"],
  ["two proxies", proxies, "10.0.0.1", "1.2.3.4, 192.168.7.7", "1.2.3.4"],
  ["the client lied to the proxy", proxies, "10.0.0.1", "8.8.8.8, 1.2.3.4", "1.2.3.4"],
  ["the client said nonsense", proxies, "10.0.0.1", "1.2.3.4, nonsense", "10.0.0.1"],
  ["the proxy says nothing", proxies, "::1", undefined, "::1"],
  ["IPv6 behind a proxy", proxies, "::1", "2001:db8::7", "2001:db8::7"],
  ["all are proxies", proxies, "10.0.0.1", "192.168.1.1", "192.168.1.1"],
])("the client's address when %s", (_when, trusted, remoteAddress, forwardedFor, expected) => {
  expect(ipOf(remoteAddress, forwardedFor, trusted)).toBe(expected);
});

test("a socket that is gone has no address, and that is one too", () => {
  expect(ipOf(undefined, "1.2.3.4")).toBe("unknown");
});

test.each([
  ["1.2.3.4", "1.2.3.4"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8::7", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["unknown", "unknown"],
])("the address %s counts as %s", (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});
