import { createLogger } from "@resonance/kit";
import { parseUsername } from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { expect, test, vi } from "vitest";
import { openLogicClients } from "./logic-clients.ts";
import { Presence } from "./presence.ts";
import { usualKeepAlive } from "./start.ts";
import { openTestClient } from "./testing/open-test-client.ts";
import { openTestGateway } from "./testing/open-test-gateway.ts";
import { openTestLogic, type TestLogic, tokenOfUser } from "./testing/open-test-logic.ts";

const alice = parseUsername("alice");
const bob = parseUsername("bob");
const carol = parseUsername("carol");
const dave = parseUsername("dave");
const log = createLogger("test", "silent");

/** What Logic believes after all reports so far. */
function believed(logic: TestLogic): Record<string, "online" | "offline"> {
  return Object.fromEntries(
    logic.reports.flatMap((report) => [
      ...report.onlineBatch.map(({ username }) => [username, "online"] as const),
      ...report.offlineBatch.map(({ username }) => [username, "offline"] as const),
    ]),
  );
}

test("a gateway that starts is heard of at once, and its reports count up", async () => {
  await using gateway = await openTestGateway();
  await eventually(() => gateway.logic.reports.length > 0);
  await using client = await gateway.connect("alice");
  await client.settle();
  await eventually(() => believed(gateway.logic).alice === "online");
  const [first, second] = gateway.logic.reports;
  expect(first).toMatchObject({ seqId: 1n, gatewayId: gateway.gatewayId, onlineBatch: [] });
  expect(second).toMatchObject({ seqId: 2n, incarnation: first?.incarnation });
  expect(Number(first?.incarnation)).toBeGreaterThan(Date.now() - 60_000);
  expect(second?.onlineBatch[0]?.remoteIp).toMatch(/^127\.0\.0\.1:\d+$/);
});

test("a socket opens when Logic knows of it, so that nothing is published past it", async () => {
  await using gateway = await openTestGateway();
  const gate = Promise.withResolvers<object>();
  await eventually(() => gateway.logic.reports.length > 0);
  gateway.logic.onReport = () => gate.promise;
  let isOpen = false;

  const opening = gateway.connect("alice").then((client) => {
    isOpen = true;
    return client;
  });
  await eventually(() => believed(gateway.logic).alice === "online");
  expect(isOpen).toBe(false);
  gate.resolve({});

  await using _client = await opening;
});

test("whoever comes back waits for the report of that, not for that of having left", async () => {
  await using logic = await openTestLogic();
  await using clients = openLogicClients(logic.address);
  await using presence = new Presence({ logic: clients, gatewayId: "g", log });
  presence.begin();
  await presence.online(alice, "ip:1");
  const gate = Promise.withResolvers<object>();
  logic.onReport = () => gate.promise;
  presence.offline(alice);
  await eventually(() => believed(logic).alice === "offline");

  const isBack = presence.online(alice, "ip:2");
  gate.resolve({});
  await isBack;

  expect(believed(logic).alice).toBe("online");
});

test("a socket opens all the same when Logic does not take the report", async () => {
  await using gateway = await openTestGateway();
  gateway.logic.onReport = async () => ({ error: "no database" });

  await using client = await gateway.connect("alice");

  await client.settle();
});

test("a user is offline only when the last connection is gone", async () => {
  await using gateway = await openTestGateway();
  const one = await gateway.connect("alice");
  const other = await gateway.connect("alice");
  await eventually(() => believed(gateway.logic).alice === "online");
  one.vanish();
  await one.closed;
  await using witness = await gateway.connect("bob");
  await witness.settle();
  await eventually(() => believed(gateway.logic).bob === "online");
  expect(believed(gateway.logic).alice).toBe("online");
  other.vanish();
  await eventually(() => believed(gateway.logic).alice === "offline");
  expect(
    gateway.logic.reports.flatMap((report) => report.onlineBatch.map((user) => user.username)),
  ).toEqual(["alice", "bob"]);
});

test("a gateway whose clock was set back goes past the process before it, at once", async () => {
  await using logic = await openTestLogic();
  await using clients = openLogicClients(logic.address);
  const known = BigInt(Date.now()) + 3_600_000n;
  logic.onReport = async ({ incarnation }) =>
    incarnation < known ? { laterIncarnation: known } : {};
  await using presence = new Presence({ logic: clients, gatewayId: "g", log });
  presence.begin();

  await presence.online(alice, "ip:1");

  const taken = logic.reports.filter(({ incarnation }) => incarnation > known);
  expect(taken.flatMap(({ onlineBatch }) => onlineBatch)).toMatchObject([{ username: "alice" }]);
  expect(logic.reports.filter(({ incarnation }) => incarnation < known)).toHaveLength(1);
});

test("a gateway whose id another process has taken over leaves it to that", async () => {
  await using logic = await openTestLogic();
  await using clients = openLogicClients(logic.address);
  await using presence = new Presence({ logic: clients, gatewayId: "g", log });
  presence.begin();
  await eventually(() => logic.reports.length === 1);
  const own = logic.reports[0]?.incarnation ?? 0n;
  logic.onReport = async () => ({ laterIncarnation: own + 1n });

  await presence.online(alice, "ip:1");
  await presence.online(bob, "ip:2");

  expect(logic.reports.every(({ incarnation }) => incarnation === own)).toBe(true);
});

test("what a database that has gone back does not know is told anew, and who has left is not", async () => {
  await using logic = await openTestLogic();
  await using clients = openLogicClients(logic.address);
  await using presence = new Presence({ logic: clients, gatewayId: "g", log });
  let last = { incarnation: 0n, seqId: 0n };
  logic.onReport = async ({ incarnation, seqId }) => {
    const previousSeqId = last.incarnation === incarnation ? last.seqId : 0n;
    last = { incarnation, seqId };
    return { previousSeqId };
  };
  presence.begin();
  await presence.online(alice, "ip:1");
  await presence.online(bob, "ip:2");
  const restored = last;
  await presence.online(carol, "ip:3");
  presence.offline(bob);
  await eventually(() => believed(logic).bob === "offline");
  const first = last.incarnation;

  last = restored;
  await presence.online(dave, "ip:4");

  const anew = () => logic.reports.filter(({ incarnation }) => incarnation > first);
  const names = () => anew().flatMap(({ onlineBatch }) => onlineBatch.map((user) => user.username));
  await eventually(() => names().length >= 3);
  expect(names().toSorted()).toEqual(["alice", "carol", "dave"]);
  presence.offline(dave);
  await eventually(() => believed(logic).dave === "offline");
  expect(last.incarnation).toBe(first + 1n);
});

test("whoever comes before a step back of the clock leaves after it", async () => {
  await using logic = await openTestLogic();
  await using clients = openLogicClients(logic.address);
  await using presence = new Presence({ logic: clients, gatewayId: "g", log });
  presence.begin();
  await presence.online(alice, "ip:1");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 3_600_000 });
  try {
    presence.offline(alice);
    await eventually(() => believed(logic).alice === "offline");
  } finally {
    vi.useRealTimers();
  }
  const [came] = logic.reports.flatMap(({ onlineBatch }) => onlineBatch);
  const [left] = logic.reports.flatMap(({ offlineBatch }) => offlineBatch);

  expect(left?.timestamp).toBeGreaterThanOrEqual(came?.timestamp ?? 0n);
});

test("nothing is sent while nothing changes but the heartbeat, every 5 s", async () => {
  await using logic = await openTestLogic();
  await using clients = openLogicClients(logic.address);
  await using presence = new Presence({ logic: clients, gatewayId: "g", log });
  presence.begin();
  await eventually(() => logic.reports.length === 1);
  const firstAtMs = Date.now();
  await eventually(() => logic.reports.length === 2, { timeoutMs: 8_000 });
  expect(Date.now() - firstAtMs).toBeGreaterThan(4_500);
});

test("50 changes go out at once and together", async () => {
  await using logic = await openTestLogic();
  await using clients = openLogicClients(logic.address);
  await using presence = new Presence({ logic: clients, gatewayId: "g", log });
  presence.begin();
  await eventually(() => logic.reports.length === 1);
  for (let index = 0; index < 50; index++) void presence.online(parseUsername(`u${index}`), "ip:1");
  await eventually(() => logic.reports.length === 2);
  expect(logic.reports[1]?.onlineBatch).toHaveLength(50);
});

test("a report that fails is repeated, merged with what is newer", async () => {
  await using logic = await openTestLogic();
  await using clients = openLogicClients(logic.address);
  let refusals = 3;
  logic.onReport = async () => {
    if (refusals-- <= 0) return {};
    // Both ways to fail: a status, and an error in the answer.
    if (refusals === 1) return { error: "no database" };
    throw new Error("no database");
  };
  await using presence = new Presence({ logic: clients, gatewayId: "g", log });
  presence.begin();
  void presence.online(alice, "ip:1");
  void presence.online(bob, "ip:2");
  await eventually(() => logic.reports.length >= 2);
  presence.offline(alice);
  await eventually(() => refusals < 0 && logic.reports.at(-1)?.offlineBatch.length === 1);
  expect(believed(logic)).toEqual({ alice: "offline", bob: "online" });
});

test("a client that falls silent without a close is offline soon after; C22", async () => {
  await using gateway = await openTestGateway({
    keepAlive: { checkEveryMs: 20, pingEveryMs: 50, deadAfterMs: 300 },
  });
  const url = `${gateway.url}/ws?token=${tokenOfUser("bob")}`;
  await using bob = await openTestClient(url, { autoPong: false });
  await eventually(() => believed(gateway.logic).bob === "online");

  await eventually(() => believed(gateway.logic).bob === "offline");

  expect(await bob.closed).toBe(1006);
});

test("the usual keep-alive finds a silent client within 60 s; C22", () => {
  const { checkEveryMs, pingEveryMs, deadAfterMs } = usualKeepAlive;
  // A byte is seen at the next check, and its being long ago at a check too.
  expect(checkEveryMs + deadAfterMs + checkEveryMs).toBeLessThan(60_000);
  // One lost ping is no death.
  expect(2 * pingEveryMs + checkEveryMs).toBeLessThanOrEqual(deadAfterMs);
});

test("a gateway that stops reports everybody offline", async () => {
  const logic = await openTestLogic();
  const gateway = await openTestGateway({ logic });
  await using client = await gateway.connect("alice");
  await eventually(() => believed(logic).alice === "online");
  await gateway[Symbol.asyncDispose]();
  expect(believed(logic).alice).toBe("offline");
  expect(await client.closed).toBe(1006);
});

test("a gateway stops in time though Logic hangs", async () => {
  await using logic = await openTestLogic();
  await using clients = openLogicClients(logic.address);
  const presence = new Presence({ logic: clients, gatewayId: "g", log });
  presence.begin();
  await eventually(() => logic.reports.length === 1);
  const hung = Promise.withResolvers<object>();
  logic.onReport = () => hung.promise;
  void presence.online(alice, "ip:1");
  const startedAtMs = Date.now();
  await presence[Symbol.asyncDispose]();
  expect(Date.now() - startedAtMs).toBeLessThan(4_000);
  hung.resolve({});
});
