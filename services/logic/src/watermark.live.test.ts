import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Bus } from "@resonance/bus";
import { ChatError, createLogger } from "@resonance/kit";
import { type MsgId, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { SendMessageRequestSchema } from "@resonance/mq-proto/logic";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { IdGenerator } from "./ids.ts";
import { openMessageStore, openStorePipeline } from "./message-store.ts";
import { openOutbox } from "./outbox.ts";
import { sendMessage } from "./send-message.ts";
import { insertOutbox } from "./sql/outbox.ts";
import { coveredIds, insertWatermark } from "./sql/watermarks.ts";
import { StreamGuard } from "./stream-guard.ts";
import { deadOutbox, noMetrics, openTestLogic, type TestLogic } from "./test-logic.ts";
import { Watermark } from "./watermark.ts";

const log = createLogger("watermark-test", "silent");
const topic = topicOf(PushEventSchema);
const workerId = 7;
const waitMs = 15_000;

/** Logic without an outbox, one that covers from the first event on, and who sends through it. */
async function openCovering(bus?: (logic: TestLogic) => Bus) {
  await using stack = new AsyncDisposableStack();
  const logic = stack.use(await openTestLogic({ outbox: deadOutbox }));
  await logic.user("alice");
  await logic.db.execute("DELETE FROM t_message_outbox");
  const published = publishedIn(logic);
  const outbox = stack.use(
    openOutbox(
      { db: logic.db, bus: bus?.(logic) ?? logic.bus, log, metrics: noMetrics },
      { manyRows: 1 },
    ),
  );
  const pipeline = stack.use(openStorePipeline(logic.mysqlUrl));
  const ids = new IdGenerator(
    () => workerId,
    () => true,
  );
  const nextMsgId = () => ids.next();
  const store = stack.use(openMessageStore({ ...logic.deps, nextMsgId, pipeline, outbox }));
  const send = async (content: string) => {
    const request = { sessionId: "0", fromUsername: "alice", content };
    return (await sendMessage(store, create(SendMessageRequestSchema, request))).msgId;
  };
  const closing = stack.move();
  return { logic, published, send, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

/** The ids of published messages, one for each copy that the stream takes. */
function publishedIn({ bus }: TestLogic): bigint[] {
  const ids: bigint[] = [];
  bus.subscribe(topic, (payload) => ids.push(fromBinary(PushEventSchema, payload).msgId));
  return ids;
}

async function watermarks({ db }: TestLogic) {
  return await db.query<{ msgId: bigint }>("SELECT msg_id AS msgId FROM t_outbox_watermark");
}

/** Sends until the event of one is stored as sent and published, and gives the ids of all. */
async function sendUntilCovered({
  logic,
  published,
  send,
}: Awaited<ReturnType<typeof openCovering>>) {
  const sent: bigint[] = [];
  await eventually(
    async () => {
      sent.push(await send(`${sent.length}`));
      expect(await statusOf(logic, sent.at(-1))).toBe(1);
    },
    { timeoutMs: waitMs },
  );
  await eventually(() => expect(published.toSorted()).toEqual(sent));
  return sent;
}

async function statusOf({ db }: TestLogic, msgId: bigint | undefined): Promise<number | undefined> {
  const sql = "SELECT status FROM t_message_outbox WHERE msg_id = ?";
  const [row] = await db.query<{ status: number }>(sql, [msgId ?? 0n]);
  return row?.status;
}

test("much that is sent is stored as sent, published once each, and nothing of it is marked", async () => {
  await using covering = await openCovering();
  const { logic, published, send } = covering;
  const sent = await sendUntilCovered(covering);
  const more = await Promise.all(Array.from({ length: 200 }, (_, index) => send(`${index}`)));

  const updated = await logic.db.query(
    "SELECT id FROM t_message_outbox WHERE msg_id IN (?) AND (status <> 1 OR updated_at <> created_at)",
    [more],
  );
  expect(updated).toEqual([]);
  await eventually(() => expect(published.toSorted()).toEqual([...sent, ...more].toSorted()));
  // When nothing is sent any more there is nothing to answer for.
  await eventually(async () => expect(await watermarks(logic)).toEqual([]), { timeoutMs: waitMs });
});

test("events behind the watermark of a process that has died are published, before it not", async () => {
  await using logic = await openTestLogic({ outbox: deadOutbox });
  const published = publishedIn(logic);
  const at = (BigInt(Date.now()) << 22n) | (BigInt(workerId) << 12n);
  const watermark = { publisher: "one that has died", msgId: at as MsgId };
  await insertWatermark(logic.db, watermark);
  const store = (msgId: bigint) => storeAsSent(logic, msgId);
  const oneMs = 1n << 22n;
  for (const before of [at - oneMs, at]) await store(before);
  for (const anothers of [at + (1n << 12n), at + oneMs + (1n << 12n)]) await store(anothers);
  await store(at + coveredIds + oneMs);
  const behind = [at + 1n, at + oneMs, at + coveredIds];
  for (const msgId of behind) await store(msgId);

  await using _next = openOutbox({ db: logic.db, bus: logic.bus, log, metrics: noMetrics });

  await eventually(() => expect(published.toSorted()).toEqual(behind), { timeoutMs: waitMs });
  // The database may have been at work for the one that has died: this is committed late, and it
  // lies before others that are published.
  const late = at + 2n;
  await store(late);
  const all = [...behind, late].toSorted();
  await eventually(() => expect(published.toSorted()).toEqual(all), { timeoutMs: waitMs });
  // None of them is taken for uncertain twice.
  const claimed = await logic.db.query(
    "SELECT retry_count AS claims FROM t_message_outbox WHERE retry_count > 0",
  );
  expect(claimed).toEqual(all.map(() => ({ claims: 1 })));
  expect(await watermarks(logic)).toHaveLength(1);
  await logic.db.execute("UPDATE t_outbox_watermark SET seen_at = NOW(3) - INTERVAL 11 MINUTE");
  await eventually(async () => expect(await watermarks(logic)).toEqual([]), { timeoutMs: waitMs });
});

test("what NATS does not take is published though it was stored as sent", async () => {
  let isAway = false;
  await using covering = await openCovering(({ bus }) => ({
    ...bus,
    publishAllStored: async (messages) =>
      isAway
        ? messages.map(() => new ChatError("unavailable", "away"))
        : await bus.publishAllStored(messages),
  }));
  const { logic, published, send } = covering;
  const sent = await sendUntilCovered(covering);
  isAway = true;
  sent.push(await send("while NATS is away"));
  expect(await statusOf(logic, sent.at(-1))).toBe(1);
  await eventually(async () => expect(await statusOf(logic, sent.at(-1))).toBe(0), {
    timeoutMs: waitMs,
  });
  isAway = false;

  // The one before it has a second copy, which the stream leaves out and a spy sees.
  await eventually(() => expect([...new Set(published)]).toEqual(sent), { timeoutMs: waitMs });
});

test("whose watermark was deleted has its events looked after still", async () => {
  await using covering = await openCovering();
  const { logic, send } = covering;
  await sendUntilCovered(covering);
  const [before] = await watermarks(logic);
  await logic.db.execute("DELETE FROM t_outbox_watermark");
  await send("after that");

  await eventually(
    async () => {
      const [row] = await watermarks(logic);
      expect(row?.msgId).toBeGreaterThanOrEqual(before?.msgId ?? 0n);
    },
    { timeoutMs: waitMs },
  );
});

test("ids that were drawn before the watermark was raised, or too far beyond it, are not covered", async () => {
  await using logic = await openTestLogic();
  await using guard = new StreamGuard({ ...logic, log, metrics: noMetrics });
  await using watermark = new Watermark({ db: logic.db, log, guard });
  const at = 1n << 40n;
  const row = (msgId: bigint) => ({ msgId: msgId as MsgId, topic, payload: new Uint8Array(1) });
  expect(watermark.cover([row(at + 1n)])).toBeUndefined();
  watermark.begin(at as MsgId);
  await eventually(() => expect(watermark.cover([row(at + 1n)])).toBeDefined());

  expect(watermark.cover([])).toBeUndefined();
  expect(watermark.cover([row(at)])).toBeUndefined();
  expect(watermark.cover([row(at + 1n), row(at + coveredIds + 1n)])).toBeUndefined();
  // Of another worker id, which a lost lease brings.
  expect(watermark.cover([row(at + (1n << 12n))])).toBeUndefined();
  watermark.giveUp();
  expect(watermark.cover([row(at + 1n)])).toBeUndefined();
});

async function storeAsSent({ db }: TestLogic, msgId: bigint): Promise<void> {
  const payload = toBinary(PushEventSchema, create(PushEventSchema, { msgId }));
  const cover = { firstMsgId: msgId as MsgId, lastMsgId: msgId as MsgId, left: 1 };
  await insertOutbox(db, [{ msgId: msgId as MsgId, topic, payload }], cover);
}
