import { create, toBinary } from "@bufbuild/protobuf";
import { openDatabase } from "@resonance/db";
import { createLogger } from "@resonance/kit";
import { BotEventSchema, topicOf } from "@resonance/mq-proto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { getSystemStatus } from "./get-system-status.ts";
import { insertDeadLetter } from "./sql/dead-letters.ts";
import { openTestLogic, type TestLogic } from "./test-logic.ts";

const log = createLogger("test", "silent");
let logic: TestLogic;
beforeAll(async () => {
  logic = await openTestLogic();
});
afterAll(() => logic[Symbol.asyncDispose]());

test("the status tells who is online, what waits and how the database does", async () => {
  const { db, bus } = logic;
  await db.execute(
    "INSERT INTO t_gateway (gateway_id, incarnation, last_seen_at) VALUES ('g1', 1, NOW(3)), ('g2', 1, NOW(3) - INTERVAL 1 HOUR)",
  );
  await db.execute(
    `INSERT INTO t_route (username, gateway_id, incarnation, connected_at) VALUES
       ('alice', 'g1', 1, NOW(3)), ('alice', 'g2', 1, NOW(3)), ('bob', 'g1', 0, NOW(3))`,
  );
  await insertDeadLetter(db, {
    topic: "t",
    payload: Buffer.alloc(1),
    cause: "c",
    deliveryCount: 1,
  });
  const event = toBinary(BotEventSchema, create(BotEventSchema, {}));
  await bus.publishStored(topicOf(BotEventSchema), event, "once");

  const status = await getSystemStatus({ db, bus, log });

  expect(status.unknown).toEqual([]);
  expect(status).toMatchObject({
    onlineUsers: 1n,
    connections: 1n,
    gateways: 1n,
    deadLetters: { total: 1n, unreplayed: 1n, lastHour: 1n },
    outbox: { pending: 0n, oldestMs: 0n },
    stream: { connected: true, messages: 1n },
  });
  expect(status.database?.version).toMatch(/^\d+\./);
  expect(status.database?.roundTripMs).toBeGreaterThan(0);
  expect(status.database?.maxConnections).toBeGreaterThan(0n);
});

test("a database that is away does not hide what NATS says", async () => {
  await using nowhere = openDatabase("mysql://root@127.0.0.1:1/x");

  const status = await getSystemStatus({ db: nowhere, bus: logic.bus, log });

  expect(status.unknown).toEqual(
    expect.arrayContaining(["presence", "messages", "outbox", "dead_letters", "database"]),
  );
  expect(status.stream).toMatchObject({ connected: true });
  expect(status.database).toBeUndefined();
});
