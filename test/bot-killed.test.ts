import { jetstreamManager } from "@nats-io/jetstream";
import { eventually } from "@resonance/testkit";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Failpoints, openFailpoints } from "./faults/testing/open-failpoints.ts";
import { connectNats } from "./testing/connect-nats.ts";
import { openPerson, type Person } from "./testing/open-person.ts";
import { openTestStack, type TestStack } from "./testing/open-test-stack.ts";

const opened = new AsyncDisposableStack();
let stack: TestStack;
let failpoints: Failpoints;
let alice: Person;
let db: Connection;

beforeAll(async () => {
  failpoints = opened.use(await openFailpoints());
  stack = opened.use(
    await openTestStack({
      RESONANCE_FAILPOINTS: failpoints.folder,
      RESONANCE_BOT_LEASE_MS: "1500",
    }),
  );
  await (await openPerson(stack.url, { username: "alice" }))[Symbol.asyncDispose]();
  db = await createConnection({
    uri: stack.mysqlUrl,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
}, 120_000);
// Anew for each test: a person's patience ends after two minutes.
beforeEach(async () => {
  alice = await openPerson(stack.url, { username: "alice", isNew: false });
}, 60_000);
afterEach(() => alice[Symbol.asyncDispose]());
afterAll(async () => {
  await db?.end();
  await opened.disposeAsync();
}, 60_000);

// Its answer takes steps of the brain and of a tool.
const question = "show me the gateway logs";

/** Ends a row of crashes: the longer it is, the later the bot is started again. */
async function endRowOfCrashes(): Promise<void> {
  const { bot } = stack.services;
  if (bot.restarts % 4 === 0) await bot.restart(AbortSignal.timeout(30_000));
}

/** What the run has come to. */
async function runOf(msgId: bigint) {
  const [runs] = await db.query<RowDataPacket[]>(
    "SELECT state, attempts FROM t_bot_run WHERE msg_id = ?",
    [msgId.toString()],
  );
  const [steps] = await db.query<RowDataPacket[]>(
    "SELECT kind, state FROM t_bot_step WHERE msg_id = ? ORDER BY number",
    [msgId.toString()],
  );
  return { ...runs[0], steps: steps.map(({ kind, state }) => `${kind} ${state}`) };
}

/** Under which client ids the bot has spoken since the question, in order. */
async function saidSince(msgId: bigint): Promise<string[]> {
  const [rows] = await db.query<RowDataPacket[]>(
    `SELECT client_msg_id AS id FROM t_message_content
      WHERE session_id = ? AND sender_username = 'ops-bot' AND msg_id > ? ORDER BY seq_id`,
    [alice.botSession, msgId.toString()],
  );
  return rows.map(({ id }) => String(id));
}

async function expectOneAnswer(msgId: bigint, attempts: number) {
  await eventually(
    async () =>
      expect(await runOf(msgId)).toEqual({
        state: "answered",
        attempts,
        steps: ["model done", "tool done", "model done"],
      }),
    { timeoutMs: 30_000 },
  );
  // One session is answered in order: behind a later answer, nothing more comes of this question.
  const later = await alice.ask("/help");
  expect(await saidSince(msgId)).toEqual([`answer:${msgId}`, `answer:${later.msgId}`]);
}

test.each([
  ["bot.before_claim", 1],
  // The claim was not committed yet.
  ["bot.amid_claim", 1],
  ["bot.after_claim", 2],
  ["bot.before_first_token", 2],
  ["bot.after_first_token", 2],
  ["bot.before_tool", 2],
  ["bot.amid_tool", 2],
  ["bot.after_tool", 2],
  ["bot.before_step", 2],
  ["bot.after_step", 2],
  ["bot.before_answer", 2],
  ["bot.after_record", 2],
  ["bot.after_answer", 2],
] as const)(
  "killed at %s, the question has one answer",
  { timeout: 90_000 },
  async (name, attempts) => {
    await failpoints.arm(name, "kill");
    const asked = alice.ask(question);
    await failpoints.struck(name);

    const { msgId, answer } = await asked;

    expect(answer.content).toContain("gateway");
    await expectOneAnswer(msgId, attempts);
    await endRowOfCrashes();
  },
);

test("killed at bot.amid_shutdown with a question in hand, it has one answer", {
  timeout: 90_000,
}, async () => {
  await failpoints.arm("bot.amid_shutdown", "kill");
  // It stands still amid the tool until it has been told to stop.
  await failpoints.arm("bot.amid_tool", "stop");
  const asked = alice.ask(question);
  await failpoints.struck("bot.amid_tool");
  const { pid } = stack.services.bot;
  const stopping = stack.services.bot.stop(AbortSignal.timeout(30_000));
  if (pid !== undefined) process.kill(pid, "SIGCONT");
  await Promise.all([failpoints.struck("bot.amid_shutdown"), stopping]);
  await stack.services.bot.start(AbortSignal.timeout(30_000));

  const { msgId } = await asked;

  await expectOneAnswer(msgId, 2);
});

test("each question still has one answer when all that was interrupted has come again", {
  timeout: 90_000,
}, async () => {
  const [runs] = await db.query<RowDataPacket[]>(
    "SELECT msg_id AS id FROM t_bot_run WHERE session_id = ? ORDER BY msg_id",
    [alice.botSession],
  );
  const asked = runs.map(({ id }) => BigInt(String(id)));
  const nats = await connectNats(stack.natsUrl);
  try {
    const manager = await jetstreamManager(nats);
    // An event whose taker was killed comes again after half a minute.
    await eventually(
      async () =>
        expect(await manager.consumers.info("RESONANCE", "bot")).toMatchObject({
          num_pending: 0,
          num_ack_pending: 0,
        }),
      { timeoutMs: 60_000, intervalMs: 200 },
    );
  } finally {
    await nats.close();
  }
  // A repeated event may wake a worker yet; this is answered behind whatever that does.
  const last = await alice.ask("/help");

  const answered = [...asked, last.msgId].map((msgId) => `answer:${msgId}`);
  expect(await saidSince((asked[0] ?? 0n) - 1n)).toEqual(answered);
});
