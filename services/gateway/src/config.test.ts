import { readConfig } from "@resonance/kit";
import { makeTestServiceKeys } from "@resonance/rpc/testing";
import { expect, test } from "vitest";
import { Config } from "./config.ts";

const least = {
  RESONANCE_LOGIC_ADDRESS: "127.0.0.1:15090",
  RESONANCE_NATS_URL: "nats://127.0.0.1:4222",
  ...makeTestServiceKeys().settingsOf("gateway"),
};

test("Logic, NATS and the keys are all that must be given", () => {
  expect(readConfig(Config, least)).toMatchObject({
    RESONANCE_GATEWAY_ID: "gateway-service-001",
    RESONANCE_HTTP_LISTEN: { host: "127.0.0.1", port: 8080 },
    RESONANCE_GATEWAY_LISTEN: { host: "127.0.0.1", port: 15091 },
  });
});

test("all problems are named in one message", () => {
  const read = () =>
    readConfig(Config, {
      RESONANCE_GATEWAY_ID: "a.b",
      RESONANCE_SERVICE_KEY: "-----BEGIN PRIVATE KEY-----",
      RESONANCE_SERVICE_KEYS: '{"keys":[{"kty":"OKP"}]}',
      RESONANCE_CALLERS_WITHOUT_KEY: "bot",
      RESONANCE_HTTP_LISTEN: "8080",
      RESONANCE_NATS_URL: "http://x",
      RESONANCE_ALLOWED_ORIGINS: "https://a.example,https://b.example/",
      RESONANCE_TRUSTED_PROXIES: "10.0.0.0/8, 10.0.0.0/33, localhost",
      RESONANCE_LIMIT_CALLS_PER_USER: "100",
      RESONANCE_LIMIT_MESSAGES_PER_USER: "0:5",
    });
  for (const variable of [
    "RESONANCE_GATEWAY_ID",
    "RESONANCE_HTTP_LISTEN",
    "RESONANCE_NATS_URL",
    "RESONANCE_LOGIC_ADDRESS is missing",
    "RESONANCE_SERVICE_KEY: must be an Ed25519 private key in PEM",
    "RESONANCE_SERVICE_KEYS: must be a JWK set whose kids are logic, gateway, task, bot or ops-mcp",
    "RESONANCE_CALLERS_WITHOUT_KEY",
    "https://b.example/ is not an origin",
    "10.0.0.0/33 is not an address",
    "localhost is not an address",
    "RESONANCE_LIMIT_CALLS_PER_USER",
    "RESONANCE_LIMIT_MESSAGES_PER_USER",
  ]) {
    expect(read).toThrow(variable);
  }
});

test("origins are a list with commas", () => {
  const config = readConfig(Config, {
    ...least,
    RESONANCE_ALLOWED_ORIGINS: "https://a.example, http://b.example:3000",
  });
  expect([...config.RESONANCE_ALLOWED_ORIGINS]).toEqual([
    "https://a.example",
    "http://b.example:3000",
  ]);
});

test("a limit is a rate and a burst, or off", () => {
  const config = readConfig(Config, {
    ...least,
    RESONANCE_LIMIT_CALLS_PER_USER: "0.2:10",
    RESONANCE_LIMIT_MESSAGES_PER_USER: "off",
  });
  expect(config).toMatchObject({
    RESONANCE_LIMIT_REQUESTS_PER_IP: { perSecond: 1_000, burst: 2_000 },
    RESONANCE_LIMIT_SIGN_INS_PER_IP: { perSecond: 100, burst: 200 },
    RESONANCE_LIMIT_CALLS_PER_USER: { perSecond: 0.2, burst: 10 },
  });
  expect(config.RESONANCE_LIMIT_MESSAGES_PER_USER).toBeUndefined();
});

test.each(["10.0.0.7/", "10.0.0.0/8/16", "10.0.0.0/ 8"])(
  "the proxies %j are a slip, not everybody",
  (RESONANCE_TRUSTED_PROXIES) => {
    const failure = () => readConfig(Config, { ...least, RESONANCE_TRUSTED_PROXIES });
    expect(failure).toThrow(`${RESONANCE_TRUSTED_PROXIES} is not an address`);
  },
);

test("trusted proxies are addresses and networks, and there are none at first", () => {
  const { RESONANCE_TRUSTED_PROXIES: none } = readConfig(Config, least);
  const { RESONANCE_TRUSTED_PROXIES: some } = readConfig(Config, {
    ...least,
    RESONANCE_TRUSTED_PROXIES: "10.0.0.7, 192.168.0.0/16, 2001:db8::/32",
  });
  expect(none.check("127.0.0.1")).toBe(false);
  expect([some.check("10.0.0.7"), some.check("10.0.0.8")]).toEqual([true, false]);
  expect(some.check("192.168.9.9")).toBe(true);
  expect(some.check("2001:db8::1", "ipv6")).toBe(true);
});
