import { fromBinary } from "@bufbuild/protobuf";
import { type Bus, openBus } from "@resonance/bus";
import { ChatError, createLogger } from "@resonance/kit";
import {
  BotEventSchema,
  deliveredHeader,
  type MsgId,
  PushEventSchema,
  parseUsername,
  topicOf,
} from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { openOutbox } from "./outbox.ts";
import { deleteOldSent, insertOutbox } from "./sql/outbox.ts";
import { deadOutbox, noMetrics, openTestLogic } from "./test-logic.ts";

const log = createLogger("outbox-test", "silent");

test("events that a crash left behind are published once by the next process", async () => {
  await using logic = await openTestLogic({ outbox: deadOutbox });
  await logic.user("alice");
  const published: bigint[] = [];
  logic.bus.subscribe(topicOf(PushEventSchema), (payload) =>
    published.push(fromBinary(PushEventSchema, payload).seqId),
  );
  for (const content of ["1", "2", "3"]) {
    await logic.send({ sessionId: "0", fromUsername: "alice", content });
  }

  await using _first = openOutbox({ db: logic.db, bus: logic.bus, log, metrics: noMetrics });
  await using _second = openOutbox({ db: logic.db, bus: logic.bus, log, metrics: noMetrics });

  await eventually(
    async () => {
      const left = await logic.db.query("SELECT id FROM t_message_outbox WHERE status <> 1");
      expect(left).toEqual([]);
    },
    { timeoutMs: 10_000 },
  );
  // The welcome of alice's session with the bot is seq 1 there.
  expect(published.toSorted()).toEqual([1n, 1n, 2n, 3n]);
});

test("while NATS is away sends are answered, and their events go out when it is there", async () => {
  await using logic = await openTestLogic({ outbox: deadOutbox });
  await logic.user("alice");
  await using nowhere = openBus({ url: "nats://127.0.0.1:1", name: "nowhere", log });
  const outbox = openOutbox({ db: logic.db, bus: nowhere, log, metrics: noMetrics });

  const { msgId } = await logic.send({ sessionId: "0", fromUsername: "alice", content: "hi" });
  await outbox[Symbol.asyncDispose]();

  const [pending] = await logic.db.query<{ status: number }>(
    "SELECT status FROM t_message_outbox WHERE msg_id = ?",
    [msgId],
  );
  expect(pending).toEqual({ status: 0 });
  await using _later = openOutbox({ db: logic.db, bus: logic.bus, log, metrics: noMetrics });
  await eventually(
    async () => {
      const [row] = await logic.db.query("SELECT status FROM t_message_outbox WHERE msg_id = ?", [
        msgId,
      ]);
      expect(row).toEqual({ status: 1 });
    },
    { timeoutMs: 20_000 },
  );
});

test("an event whose delivery left over a connection that broke since is for Task to deliver", async () => {
  await using logic = await openTestLogic();
  const headers: (string | undefined)[] = [];
  const connection = await logic.bus.connected();
  connection.subscribe(topicOf(PushEventSchema), {
    callback: (_error, message) => void headers.push(message.headers?.get(deliveredHeader)),
  });
  await connection.flush();
  const row = (msgId: bigint, over: number) => ({
    msgId: msgId as MsgId,
    topic: topicOf(PushEventSchema),
    payload: new Uint8Array([Number(msgId)]),
    delivered: { owners: [parseUsername("alice")], connection: over },
  });

  await using outbox = openOutbox({ db: logic.db, bus: logic.bus, log, metrics: noMetrics });
  outbox.publish([row(1n, logic.bus.connection() - 1), row(2n, logic.bus.connection())]);

  await eventually(() => expect(headers.map((header) => header ?? "")).toEqual(["", '["alice"]']));
});

test("events are published though the database's clock was set back after they were stored", async () => {
  await using logic = await openTestLogic({ outbox: deadOutbox });
  await logic.user("alice");
  await logic.send({ sessionId: "0", fromUsername: "alice", content: "hi" });
  // What a step of an hour makes of the time at which a row is due.
  await logic.db.execute(
    "UPDATE t_message_outbox SET next_retry_time = NOW(3) + INTERVAL 1 HOUR WHERE status = 0",
  );

  await using _next = openOutbox({ db: logic.db, bus: logic.bus, log, metrics: noMetrics });

  await eventually(async () => {
    const left = await logic.db.query("SELECT id FROM t_message_outbox WHERE status = 0");
    expect(left).toEqual([]);
  });
});

test("no event counts as sent because another one of its message is", async () => {
  await using logic = await openTestLogic({ outbox: deadOutbox });
  const [pushTopic, botTopic] = [PushEventSchema, BotEventSchema].map(topicOf);
  const row = (msgId: number, topic = "") => ({
    msgId: BigInt(msgId) as MsgId,
    topic,
    payload: new Uint8Array([msgId % 256]),
  });
  // The two events of the last message lie on both sides of a batch's end.
  const rows = Array.from({ length: 256 }, (_, index) => row(index + 1, pushTopic));
  rows.push(row(256, botTopic));
  await insertOutbox(logic.db, rows);
  const bus: Bus = {
    ...logic.bus,
    publishAllStored: async (messages) => {
      const stored = await logic.bus.publishAllStored(
        messages.filter(({ topic }) => topic !== botTopic),
      );
      return messages.map(
        ({ topic }) =>
          (topic === botTopic ? undefined : stored.shift()) ??
          new ChatError("unavailable", "refused"),
      );
    },
  };
  const outbox = openOutbox({ db: logic.db, bus, log, metrics: noMetrics });

  outbox.publish(rows);
  await outbox[Symbol.asyncDispose]();

  const left = await logic.db.query(
    "SELECT msg_id AS msgId, topic FROM t_message_outbox WHERE status = 0 ORDER BY id",
  );
  expect(left).toEqual([
    { msgId: 256n, topic: pushTopic },
    { msgId: 256n, topic: botTopic },
  ]);
});

test("an event that could not be published a thousand times is published all the same", async () => {
  await using logic = await openTestLogic({ outbox: deadOutbox });
  await logic.user("alice");
  await logic.db.execute(
    "UPDATE t_message_outbox SET retry_count = 1000, next_retry_time = NOW(3)",
  );

  await using _outbox = openOutbox({ db: logic.db, bus: logic.bus, log, metrics: noMetrics });

  await eventually(
    async () => {
      const left = await logic.db.query("SELECT id FROM t_message_outbox WHERE status <> 1");
      expect(left).toEqual([]);
    },
    { timeoutMs: 10_000 },
  );
});

test("the outbox goes on after work of its has failed", async () => {
  await using logic = await openTestLogic({ outbox: deadOutbox });
  await logic.user("alice");
  const warnings: string[] = [];
  const noting = createLogger("outbox-test", "silent");
  noting.warn = (_about: unknown, text?: string) => void warnings.push(text ?? "");
  await logic.db.execute("RENAME TABLE t_message_outbox TO t_elsewhere");
  await using _outbox = openOutbox({
    db: logic.db,
    bus: logic.bus,
    log: noting,
    metrics: noMetrics,
  });
  await eventually(() => expect(warnings).toContain("outbox work failed; it is tried again"));

  await logic.db.execute("RENAME TABLE t_elsewhere TO t_message_outbox");

  await eventually(
    async () => {
      const left = await logic.db.query("SELECT id FROM t_message_outbox WHERE status <> 1");
      expect(left).toEqual([]);
    },
    { timeoutMs: 10_000 },
  );
});

test("published events are kept for a day and then deleted, pending ones stay", async () => {
  await using logic = await openTestLogic({ outbox: deadOutbox });
  const row = (msgId: number) => ({
    msgId: BigInt(msgId) as MsgId,
    topic: "t",
    payload: new Uint8Array([msgId]),
  });
  await insertOutbox(logic.db, [row(1), row(2), row(3)]);
  const age = "next_retry_time = NOW(3) - INTERVAL";
  await logic.db.execute(`UPDATE t_message_outbox SET status = 1, ${age} 25 HOUR WHERE msg_id = 1`);
  await logic.db.execute(`UPDATE t_message_outbox SET status = 1, ${age} 23 HOUR WHERE msg_id = 2`);
  await logic.db.execute(`UPDATE t_message_outbox SET ${age} 25 HOUR WHERE msg_id = 3`);

  expect(await deleteOldSent(logic.db, 100)).toBe(1);

  const left = await logic.db.query("SELECT msg_id AS msgId FROM t_message_outbox ORDER BY 1");
  expect(left).toEqual([{ msgId: 2n }, { msgId: 3n }]);
});
