import { expect, test } from "vitest";
import { makeTestServiceKeys } from "../testing/service-settings.ts";
import { type CallerCheckOptions, createCallerCheck } from "./caller-check.ts";
import { openServiceCredential } from "./service-credential.ts";
import { makeServiceKey, publicKeysOf } from "./service-keys.ts";
import type { ServiceName } from "./service-name.ts";

const { keys } = makeTestServiceKeys();
const refusal = { code: "unauthenticated" };

function check(options: Partial<CallerCheckOptions> = {}) {
  return createCallerCheck({ self: "logic", keys: publicKeysOf(keys), ...options });
}

async function bearer(
  caller: ServiceName,
  options: { audience?: ServiceName; key?: string; nowMs?: () => number } = {},
): Promise<string> {
  const { audience = "logic", key = keys[caller], nowMs } = options;
  return `Bearer ${await openServiceCredential(caller, audience, key, nowMs).token()}`;
}

test("a token says which service calls", async () => {
  const checking = check();

  expect(await checking.callerOf(await bearer("gateway"))).toBe("gateway");
  expect(await checking.callerOf(await bearer("bot"))).toBe("bot");
});

test.each([
  ["nothing", async () => undefined],
  ["an empty one", async () => "Bearer "],
  ["another scheme", async () => "Basic Z2F0ZXdheTp4"],
  ["no token at all", async () => "Bearer gateway"],
  ["one for another service", () => bearer("gateway", { audience: "gateway" })],
  ["one of a key that is not known", () => bearer("gateway", { key: makeServiceKey() })],
  ["one signed by another service's key", () => bearer("bot", { key: keys.gateway })],
  ["one that is as long as a message", async () => `Bearer ${"x".repeat(65_000)}`],
])("a call with %s is refused", async (_what, authorization) => {
  await expect(check().callerOf(await authorization())).rejects.toMatchObject(refusal);
});

test("a token that claims a name which is not its key's is refused", async () => {
  const forged = publicKeysOf({ bot: keys.gateway });

  // The set says that the gateway's key is the bot's; the token is signed by it as the gateway.
  const checking = check({ keys: forged });

  await expect(checking.callerOf(await bearer("gateway"))).rejects.toMatchObject(refusal);
});

test("a token ends after ten minutes, also one that was accepted before", async () => {
  let now = Date.parse("2026-01-25T12:00:00Z");
  const nowMs = () => now;
  const checking = check({ nowMs });
  const authorization = await bearer("gateway", { nowMs });
  expect(await checking.callerOf(authorization)).toBe("gateway");

  now += 10 * 60_000 + 1_000;

  await expect(checking.callerOf(authorization)).rejects.toMatchObject(refusal);
});

test("a credential makes a new token in time, and none in between", async () => {
  let now = Date.parse("2026-01-25T12:00:00Z");
  const credential = openServiceCredential("gateway", "logic", keys.gateway, () => now);
  const first = await credential.token();
  now += 4 * 60_000;
  expect(await credential.token()).toBe(first);

  now += 2 * 60_000;

  expect(await credential.token()).not.toBe(first);
});

test("a caller without a key is taken for whom the settings say, and a bad token for nobody", async () => {
  const checking = check({ withoutKey: "gateway" });

  expect(await checking.callerOf(undefined)).toBe("gateway");
  await expect(checking.callerOf("Bearer bad.bad.bad")).rejects.toMatchObject(refusal);
});

test("a key that is none is refused without being repeated", () => {
  const secret = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA";

  expect(() => openServiceCredential("bot", "logic", secret)).toThrow(
    /^a service key is an Ed25519 private key in PKCS #8 PEM$/,
  );
});
