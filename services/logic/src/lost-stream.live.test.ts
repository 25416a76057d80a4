import { create, fromBinary } from "@bufbuild/protobuf";
import { consume, openBus, streamName } from "@resonance/bus";
import { createLogger } from "@resonance/kit";
import { BotEventSchema, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { CreateSessionRequestSchema } from "@resonance/mq-proto/logic";
import { start as startTask } from "@resonance/task";
import { eventually } from "@resonance/testkit";
import { openRestartableNats } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { createSession } from "./create-session.ts";
import { openOutbox } from "./outbox.ts";
import { markSent } from "./sql/stream-runs.ts";
import { noMetrics, openTestLogic, type TestLogic } from "./test-logic.ts";

const log = createLogger("lost-stream-test", "silent");
const pair = "single:alice:bob";
const withBot = "single:alice:ops-bot";
const timeoutMs = 20_000;

/** Logic, with a nats-server that can lose its store. Task and a bot are started by the test. */
async function openLossyLogic() {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await openRestartableNats());
  const logic = stack.use(await openTestLogic({ natsUrl: nats.url }));
  for (const name of ["alice", "bob"]) await logic.user(name);
  const request = { creatorUsername: "alice", members: ["bob"], type: 1 };
  await createSession(logic.deps, create(CreateSessionRequestSchema, request), logic.signal);
  const closing = stack.move();
  return {
    nats,
    logic,
    startTask: () =>
      startTask({
        environment: { RESONANCE_MYSQL_URL: logic.mysqlUrl, RESONANCE_NATS_URL: nats.url },
        log,
        signal: logic.signal,
      }),
    startBot: () => startBot(nats.url, logic.send),
    async send(sessionId: string, content: string) {
      const { seqId } = await logic.send({ sessionId, fromUsername: "alice", content });
      return `${sessionId}/${seqId}`;
    },
    /** What people of the sessions have not got in their inboxes, and questions without answer. */
    async missing() {
      const unseen = await logic.db.query<{ what: string }>(
        `SELECT CONCAT(m.username, ' ', c.session_id, '/', c.seq_id) AS what
           FROM t_message_content c
           JOIN t_session_member m ON m.session_id = c.session_id AND m.username <> 'ops-bot'
            AND c.seq_id > m.joined_seq
           LEFT JOIN t_inbox i ON i.owner_username = m.username
            AND i.session_id = c.session_id AND i.seq_id = c.seq_id
          WHERE i.id IS NULL`,
      );
      const unanswered = await logic.db.query<{ what: string }>(
        `SELECT CONCAT('answer to ', q.seq_id) AS what
           FROM t_message_content q
           LEFT JOIN t_message_content a ON a.client_msg_id = CONCAT('answer:', q.msg_id)
          WHERE q.session_id = ? AND q.sender_username = 'alice' AND a.msg_id IS NULL`,
        [withBot],
      );
      return [...unseen, ...unanswered].map(({ what }) => what);
    },
    unpublished: () => logic.db.query("SELECT id FROM t_message_outbox WHERE status = 0"),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

type Lossy = Awaited<ReturnType<typeof openLossyLogic>>;

/** Answers questions until disposed, as the bot does. */
async function startBot(natsUrl: string, send: TestLogic["send"]): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const bus = stack.use(openBus({ url: natsUrl, name: "bot", log }));
  await bus.ready();
  const stop = new AbortController();
  const answering = consume(
    bus,
    {
      schema: BotEventSchema,
      durable: "bot",
      concurrency: 16,
      keyOf: ({ sessionId }) => sessionId,
      ackWaitMs: 5_000,
      onPoison: async () => undefined,
    },
    async ({ msgId, sessionId }) => {
      const clientMsgId = `answer:${msgId}`;
      await send({ sessionId, fromUsername: "ops-bot", content: "42", clientMsgId });
    },
    stop.signal,
  );
  stack.defer(async () => {
    stop.abort();
    await answering;
  });
  return stack.move();
}

async function restartWith(lossy: Lossy, meanwhile: () => Promise<void>): Promise<void> {
  await lossy.nats.kill();
  await meanwhile();
  await lossy.nats.start();
}

async function allPublished(lossy: Lossy): Promise<void> {
  await eventually(async () => expect(await lossy.unpublished()).toEqual([]), { timeoutMs });
}

async function nothingMissing(lossy: Lossy): Promise<void> {
  await eventually(async () => expect(await lossy.missing()).toEqual([]), { timeoutMs });
  await allPublished(lossy);
}

/** The seq_ids of PushEvents of the pair that are published from now on. */
function publishedOfPair(lossy: Lossy): bigint[] {
  const seqs: bigint[] = [];
  lossy.logic.bus.subscribe(topicOf(PushEventSchema), (payload) => {
    const event = fromBinary(PushEventSchema, payload);
    if (event.sessionId === pair) seqs.push(event.seqId);
  });
  return seqs;
}

test("events that waited in a store that is wiped are published again, and no others", async () => {
  await using lossy = await openLossyLogic();
  {
    await using _task = await lossy.startTask();
    await using _bot = await lossy.startBot();
    await lossy.send(pair, "seen");
    await lossy.send(withBot, "answered");
    await nothingMissing(lossy);
  }
  const unseen = await lossy.send(pair, "unseen");
  await lossy.send(withBot, "unanswered");
  await allPublished(lossy);
  const published = publishedOfPair(lossy);

  await restartWith(lossy, () => lossy.nats.wipeStore());
  await using _task = await lossy.startTask();
  await using _bot = await lossy.startBot();

  await nothingMissing(lossy);
  expect(published.map((seq) => `${pair}/${seq}`)).toEqual([unseen]);
});

test("events that a store which has gone back does not have are published again", async () => {
  await using lossy = await openLossyLogic();
  await lossy.send(pair, "in the copy");
  await allPublished(lossy);
  await lossy.nats.saveStore();
  await lossy.send(pair, "after the copy");
  await lossy.send(withBot, "after the copy");
  await allPublished(lossy);

  await restartWith(lossy, () => lossy.nats.restoreStore());
  await using _task = await lossy.startTask();
  await using _bot = await lossy.startBot();

  await nothingMissing(lossy);
});

test("events in a stream that somebody deletes while the server runs are published again", async () => {
  await using lossy = await openLossyLogic();
  await lossy.send(pair, "1");
  await allPublished(lossy);

  await (await lossy.logic.bus.manager()).streams.delete(streamName);
  await using _task = await lossy.startTask();

  await nothingMissing(lossy);
});

test("a restart that loses nothing publishes nothing again", async () => {
  await using lossy = await openLossyLogic();
  await lossy.send(pair, "waits");
  await allPublished(lossy);
  const published = publishedOfPair(lossy);

  await restartWith(lossy, async () => undefined);
  const after = await lossy.send(pair, "after");
  await allPublished(lossy);

  expect(published.map((seq) => `${pair}/${seq}`)).toEqual([after]);
});

test("what a process noted as lost and did not get to is published again by the next one", async () => {
  await using lossy = await openLossyLogic();
  await lossy.send(pair, "1");
  await allPublished(lossy);
  await lossy.logic.db.execute("UPDATE t_stream_run SET lost_at = NOW(3)");
  const published = publishedOfPair(lossy);

  const { db, bus } = lossy.logic;
  await using _next = openOutbox({ db, bus, log, metrics: noMetrics });

  await eventually(() => expect(published).not.toEqual([]), { timeoutMs });
  await eventually(
    async () =>
      expect(await db.query("SELECT lost_at FROM t_stream_run")).toEqual([{ lost_at: null }]),
    { timeoutMs },
  );
});

test("nothing counts as sent that a run before the adopted one has confirmed", async () => {
  await using lossy = await openLossyLogic();
  const { db } = lossy.logic;
  const { msgId } = await lossy.logic.send({
    sessionId: pair,
    fromUsername: "alice",
    content: "1",
  });
  await allPublished(lossy);
  await db.execute(
    "UPDATE t_message_outbox SET status = 0, next_retry_time = NOW(3) + INTERVAL 20 SECOND WHERE msg_id = ?",
    [msgId],
  );
  const [run] = await db.query<{ runId: string; createdAt: string; lastSeq: bigint }>(
    "SELECT run_id AS runId, stream_created AS createdAt, last_seq AS lastSeq FROM t_stream_run",
  );
  if (!run) throw new Error("no run is adopted");

  expect(await markSent(db, { ...run, runId: "earlier" }, { msgIds: [msgId] }, 1_000)).toBe(false);
  expect(await markSent(db, { ...run, createdAt: "earlier" }, { msgIds: [msgId] }, 1_000)).toBe(
    false,
  );
  expect(await db.query("SELECT last_seq AS lastSeq FROM t_stream_run")).toEqual([
    { lastSeq: run.lastSeq },
  ]);
  expect(await lossy.unpublished()).toHaveLength(1);
  expect(await markSent(db, run, { msgIds: [msgId] }, 1_000)).toBe(true);
  expect(await lossy.unpublished()).toEqual([]);
});

test.each(["wiped", "gone back"])(
  "under load, with a store that is %s, every acknowledged message is in every inbox and every question answered",
  { timeout: 60_000 },
  async (how) => {
    await using lossy = await openLossyLogic();
    const task = await lossy.startTask();
    await using _bot = await lossy.startBot();
    await using _second = openOutbox({
      db: lossy.logic.db,
      bus: lossy.logic.bus,
      log,
      metrics: noMetrics,
    });
    const acked: string[] = [];
    let loading = true;
    const load = Promise.all(
      [pair, "0", withBot, pair, "0"].map(async (sessionId, writer) => {
        for (let count = 0; loading; count++) {
          acked.push(await lossy.send(sessionId, `${writer}.${count}`));
        }
      }),
    );
    const untilAcked = (count: number) =>
      eventually(() => expect(acked.length).toBeGreaterThan(count), { timeoutMs });

    await untilAcked(300);
    await lossy.nats.saveStore();
    await untilAcked(acked.length + 100);
    // From here on events wait in the store, and are lost with it. The bot lives through it.
    await task[Symbol.asyncDispose]();
    await untilAcked(acked.length + 300);
    await lossy.nats.kill();
    await untilAcked(acked.length + 100);
    await (how === "wiped" ? lossy.nats.wipeStore() : lossy.nats.restoreStore());
    await lossy.nats.start();
    await using _task = await lossy.startTask();
    await untilAcked(acked.length + 300);
    loading = false;
    await load;

    await nothingMissing(lossy);
    expect(new Set(acked).size).toBe(acked.length);
    const [row] = await lossy.logic.db.query<{ messages: bigint }>(
      "SELECT COUNT(*) AS messages FROM t_message_content WHERE sender_username = 'alice'",
    );
    expect(Number(row?.messages)).toBe(acked.length);
  },
);
