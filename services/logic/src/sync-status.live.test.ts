import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { SyncStatusRequestSchema } from "@resonance/mq-proto/logic";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { syncStatus } from "./sync-status.ts";
import { openTestLogic, type TestLogic } from "./test-logic.ts";

let logic: TestLogic;
let announced: string[] = [];
beforeAll(async () => {
  logic = await openTestLogic();
});
afterAll(() => logic[Symbol.asyncDispose]());
beforeEach(async () => {
  announced = [];
  await logic.db.execute("DELETE FROM t_route");
  await logic.db.execute("DELETE FROM t_gateway");
});

function report(request: MessageInitShape<typeof SyncStatusRequestSchema>) {
  return syncStatus(
    { db: logic.db, log: logic.deps.log, announcePresence: (names) => announced.push(...names) },
    create(SyncStatusRequestSchema, { incarnation: 5n, ...request }),
    logic.signal,
  );
}

function routes() {
  return logic.db.query(
    "SELECT username, gateway_id AS gateway, incarnation FROM t_route ORDER BY username, gateway",
  );
}

test("a report is answered with its number and notes who is where", async () => {
  const answer = await report({
    seqId: 1n,
    gatewayId: "g1",
    onlineBatch: [{ username: "alice", remoteIp: "10.0.0.9:51820", timestamp: 1_769_340_643n }],
  });

  expect(answer).toEqual({ seqId: 1n, previousSeqId: 0n });
  expect(await routes()).toEqual([{ username: "alice", gateway: "g1", incarnation: 5n }]);
});

test("an offline report removes the route to its own gateway only", async () => {
  const alice = { username: "alice", timestamp: 1n };
  await report({ gatewayId: "g7", onlineBatch: [alice] });
  await report({ gatewayId: "g9", onlineBatch: [alice] });

  await report({ gatewayId: "g7", offlineBatch: [{ username: "alice", timestamp: 2n }] });

  expect(await routes()).toEqual([{ username: "alice", gateway: "g9", incarnation: 5n }]);
});

test("an offline report that was held up does not end the connection after it", async () => {
  await report({ gatewayId: "g1", onlineBatch: [{ username: "alice", timestamp: 20n }] });

  await report({ gatewayId: "g1", offlineBatch: [{ username: "alice", timestamp: 19n }] });

  expect(await routes()).toMatchObject([{ username: "alice" }]);
});

test("a report that is worked off after a later one changes nothing, and is refused", async () => {
  const alice = { username: "alice", timestamp: 20n };
  const bob = { username: "bob", timestamp: 20n };
  await report({ seqId: 2n, gatewayId: "g1", onlineBatch: [bob] });
  await report({ seqId: 3n, gatewayId: "g1", offlineBatch: [alice] });

  const late = report({ seqId: 1n, gatewayId: "g1", onlineBatch: [alice], offlineBatch: [bob] });

  await expect(late).rejects.toMatchObject({ code: "aborted" });
  expect(await routes()).toMatchObject([{ username: "bob" }]);
  expect(announced).toEqual(["bob", "alice"]);
});

test("a report that comes twice is taken twice", async () => {
  const leave = { seqId: 3n, gatewayId: "g1", offlineBatch: [{ username: "alice" }] };
  await report(leave);

  expect(await report(leave)).toEqual({ seqId: 3n, previousSeqId: 3n });
});

test("a report is told which one of its incarnation was taken before it", async () => {
  await report({ seqId: 7n, gatewayId: "g1" });

  expect(await report({ seqId: 9n, gatewayId: "g1" })).toMatchObject({ previousSeqId: 7n });
  expect(await report({ seqId: 10n, gatewayId: "g1", incarnation: 6n })).toMatchObject({
    previousSeqId: 0n,
  });
});

test("the reports of a gateway that starts anew, and of another one, count from 1 again", async () => {
  await report({ seqId: 9n, gatewayId: "g1" });

  await report({
    seqId: 1n,
    gatewayId: "g1",
    incarnation: 6n,
    onlineBatch: [{ username: "alice", timestamp: 1n }],
  });
  await report({
    seqId: 1n,
    gatewayId: "g2",
    onlineBatch: [{ username: "bob", timestamp: 1n }],
  });

  expect(await routes()).toMatchObject([{ username: "alice" }, { username: "bob" }]);
  await expect(report({ seqId: 0n, gatewayId: "g1", incarnation: 6n })).rejects.toThrow();
});

test("a gateway of the Go system, which has no incarnations, may count as it likes", async () => {
  await report({ seqId: 9n, gatewayId: "g1", incarnation: 0n });

  const answer = await report({
    seqId: 1n,
    gatewayId: "g1",
    incarnation: 0n,
    onlineBatch: [{ username: "alice", timestamp: 1n }],
  });

  expect(answer).toEqual({ seqId: 1n });
  expect(await routes()).toMatchObject([{ username: "alice" }]);
});

test("of two reports at once through two connections the later one counts", async () => {
  const alice = { username: "alice", timestamp: 20n };
  const leaves = Array.from({ length: 20 }, async (_, index) => {
    const gatewayId = `g${index}`;
    await report({ seqId: 1n, gatewayId });
    await Promise.allSettled([
      report({ seqId: 3n, gatewayId, offlineBatch: [alice] }),
      report({ seqId: 2n, gatewayId, onlineBatch: [alice] }),
    ]);
  });

  await Promise.all(leaves);

  expect(await routes()).toEqual([]);
});

test("names that nobody can have here keep nobody else from being reported", async () => {
  const unusable = ["", "alice ", "x".repeat(65)];
  await report({ gatewayId: "g1", onlineBatch: [{ username: "carol", timestamp: 1n }] });

  const answer = await report({
    seqId: 2n,
    gatewayId: "g1",
    onlineBatch: [...unusable, "bob"].map((username) => ({ username, timestamp: 2n })),
    offlineBatch: [...unusable, "carol"].map((username) => ({ username, timestamp: 3n })),
  });

  expect(answer).toMatchObject({ seqId: 2n });
  expect(await routes()).toMatchObject([{ username: "bob" }]);
});

test("whoever came and left in one second is gone", async () => {
  const alice = { username: "alice", timestamp: 20n };
  const bob = { username: "bob", timestamp: 20n };
  await report({ gatewayId: "g1", onlineBatch: [alice, bob] });

  await report({ gatewayId: "g1", offlineBatch: [alice, { ...bob, timestamp: 25n }] });

  expect(await routes()).toEqual([]);
});

test("of two reports in one batch the newer counts", async () => {
  await report({
    gatewayId: "g1",
    onlineBatch: [
      { username: "back", timestamp: 20n },
      { username: "gone", timestamp: 10n },
    ],
    offlineBatch: [
      { username: "back", timestamp: 10n },
      { username: "gone", timestamp: 20n },
    ],
  });

  expect(await routes()).toMatchObject([{ username: "back" }]);
});

test("a report of an earlier incarnation changes nothing, and is told of the later one", async () => {
  await report({
    gatewayId: "g1",
    incarnation: 6n,
    onlineBatch: [{ username: "new", timestamp: 1n }],
  });

  const answer = await report({
    seqId: 9n,
    gatewayId: "g1",
    incarnation: 5n,
    onlineBatch: [{ username: "old", timestamp: 1n }],
    offlineBatch: [{ username: "new", timestamp: 2n }],
  });

  expect(answer).toEqual({ seqId: 9n, laterIncarnation: 6n });
  expect(await routes()).toEqual([{ username: "new", gateway: "g1", incarnation: 6n }]);
});

test("who came or left is announced, a heartbeat and an earlier incarnation say nothing", async () => {
  await report({ gatewayId: "g1", onlineBatch: [{ username: "alice", timestamp: 1n }] });
  await report({ gatewayId: "g1" });
  await report({
    gatewayId: "g1",
    incarnation: 4n,
    onlineBatch: [{ username: "old", timestamp: 1n }],
  });
  await report({ gatewayId: "g1", offlineBatch: [{ username: "alice", timestamp: 2n }] });

  expect(announced).toEqual(["alice", "alice"]);
});

test("a gateway that was not heard for a while is there again with its next report", async () => {
  const alice = { username: "alice", timestamp: 1n };
  await report({ gatewayId: "g1", onlineBatch: [alice] });
  await logic.db.execute("UPDATE t_gateway SET last_seen_at = NOW(3) - INTERVAL 2 DAY");

  await report({ gatewayId: "g1" });

  expect(await routes()).toEqual([{ username: "alice", gateway: "g1", incarnation: 5n }]);
  const lately = await logic.db.query(
    "SELECT gateway_id AS gateway FROM t_gateway WHERE last_seen_at > NOW(3) - INTERVAL 15 SECOND",
  );
  expect(lately).toEqual([{ gateway: "g1" }]);
});
