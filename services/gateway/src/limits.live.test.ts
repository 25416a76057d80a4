import { expect, test } from "vitest";
import { openTestClient } from "./testing/open-test-client.ts";
import { openTestGateway } from "./testing/open-test-gateway.ts";
import { tokenOfUser } from "./testing/open-test-logic.ts";

const list = "SessionService/GetSessionList";
const authorization = tokenOfUser("alice");
const overLimit = [429, '{"error":"rate limit exceeded"}'];

async function outcome(response: Promise<Response>): Promise<unknown[]> {
  const { status, text } = await response.then(async (answer) => ({
    status: answer.status,
    text: await answer.text(),
  }));
  return [status, text];
}

async function statuses(times: number, ask: () => Promise<Response>): Promise<number[]> {
  const all: number[] = [];
  for (let count = 0; count < times; count++) all.push((await ask()).status);
  return all;
}

test("requests over the limit of an address are 429, upgrades too; health is not counted", async () => {
  await using gateway = await openTestGateway({
    environment: { RESONANCE_LIMIT_REQUESTS_PER_IP: "0.001:3" },
  });
  const page = () => fetch(gateway.url);
  expect((await statuses(5, page)).slice(0, 3)).toEqual([200, 200, 200]);
  expect(await outcome(page())).toEqual(overLimit);
  expect(await outcome(gateway.call(list, {}, { authorization }))).toEqual(overLimit);
  await expect(openTestClient(`${gateway.url}/ws?token=${authorization}`)).rejects.toThrow("429");
  expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
  const limited = 'resonance_gateway_limited_total{limit="requests",service="gateway"}';
  expect(await gateway.metric(limited)).toBeGreaterThanOrEqual(3);
});

test("a page of another origin can read that it is over the limit", async () => {
  const origin = "https://chat.example";
  await using gateway = await openTestGateway({
    environment: {
      RESONANCE_ALLOWED_ORIGINS: origin,
      RESONANCE_LIMIT_SIGN_INS_PER_IP: "0.001:1",
    },
  });
  const signIn = () => gateway.call("AuthService/Login", {}, { origin });
  await signIn();
  const refused = await signIn();
  expect(refused.status).toBe(429);
  expect(refused.headers.get("access-control-allow-origin")).toBe(origin);
  expect(refused.headers.get("retry-after")).toBe("1");
});

test("sign-ins are counted together and per address, and hold up no session calls", async () => {
  await using gateway = await openTestGateway({
    environment: { RESONANCE_LIMIT_SIGN_INS_PER_IP: "0.001:2" },
  });
  expect((await gateway.call("AuthService/Register", {})).status).toBe(200);
  expect((await gateway.call("AuthService/Login", {})).status).toBe(200);
  expect(await outcome(gateway.call("AuthService/Logout", {}))).toEqual(overLimit);
  expect((await gateway.call(list, {}, { authorization })).status).toBe(200);
});

test("session calls are counted per user, not per address", async () => {
  await using gateway = await openTestGateway({
    environment: { RESONANCE_LIMIT_CALLS_PER_USER: "0.001:2" },
  });
  const ask = (name: string) => gateway.call(list, {}, { authorization: tokenOfUser(name) });
  expect(await statuses(3, () => ask("alice"))).toEqual([200, 200, 429]);
  expect((await ask("bob")).status).toBe(200);
});

test("a proxy's word counts only from a trusted proxy", async () => {
  const environment = { RESONANCE_LIMIT_SIGN_INS_PER_IP: "0.001:1" };
  await using plain = await openTestGateway({ environment });
  await using behindProxy = await openTestGateway({
    environment: { ...environment, RESONANCE_TRUSTED_PROXIES: "127.0.0.0/8, ::1" },
  });
  for (const [gateway, expected] of [
    [plain, [200, 429]],
    [behindProxy, [200, 200]],
  ] as const) {
    let caller = 0;
    const ask = () =>
      gateway.call("AuthService/Login", {}, { "x-forwarded-for": `192.0.2.${++caller}` });
    expect(await statuses(2, ask)).toEqual(expected);
  }
});

test("a user who writes too often gets an Ack that says busy, on any connection, and stays", async () => {
  await using gateway = await openTestGateway({
    environment: { RESONANCE_LIMIT_MESSAGES_PER_USER: "0.001:3" },
  });
  await using phone = await gateway.connect("alice");
  await using laptop = await gateway.connect("alice");
  await using bob = await gateway.connect("bob");
  for (const seq of ["1", "2", "3", "4"]) phone.chat(seq, { sessionId: "0", content: "hi" });
  await phone.settle();
  expect(phone.acks().map((ack) => [ack.refSeq, ack.errorReason])).toEqual([
    ["1", ""],
    ["2", ""],
    ["3", ""],
    ["4", "busy"],
  ]);
  expect(phone.acks()[3]).toMatchObject({ sessionId: "0", msgId: 0n, seqId: 0n });
  expect(phone.acks()[3]?.error).not.toBe("");
  laptop.chat("5", { sessionId: "0", content: "hi" });
  await laptop.settle();
  expect(laptop.acks()).toMatchObject([{ refSeq: "5", errorReason: "busy" }]);
  bob.chat("6", { sessionId: "0", content: "hi" });
  await bob.settle();
  expect(bob.acks()).toMatchObject([{ error: "" }]);
  expect(gateway.logic.sends).toHaveLength(4);
});

test("limits that are off are off", async () => {
  await using gateway = await openTestGateway({
    environment: { RESONANCE_LIMIT_SIGN_INS_PER_IP: "off" },
  });
  const calls = Array.from({ length: 300 }, () => gateway.call("AuthService/Logout", {}));
  expect((await Promise.all(calls)).every(({ status }) => status === 200)).toBe(true);
});
