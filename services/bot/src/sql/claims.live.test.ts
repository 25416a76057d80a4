import { type Database, openDatabase, openPipeline, type Pipeline } from "@resonance/db";
import { migrate } from "@resonance/migrations";
import { parseMsgId, parseSessionId, parseUsername } from "@resonance/mq-proto";
import { openTestDatabase } from "@resonance/testkit/vitest";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { noUsage } from "../brain/model-port.ts";
import type { Run } from "../runs/run.ts";
import { claimRun } from "./claims.ts";
import { ensureRun, finishRun, listTold, releaseRun } from "./runs.ts";
import { insertModelStep } from "./steps.ts";

const opened = new AsyncDisposableStack();
let db: Database;
let pipeline: Pipeline;
let lastSeq = 0n;

beforeAll(async () => {
  const database = opened.use(await openTestDatabase());
  await migrate({ url: database.url, signal: AbortSignal.timeout(60_000) });
  db = opened.use(openDatabase(database.url));
  pipeline = opened.use(openPipeline(database.url, { poolSize: 4 }));
});
beforeEach(() => db.execute("DELETE FROM t_bot_run"));
afterAll(() => opened.disposeAsync());

async function ask(session = "single:alice:ops-bot"): Promise<Run> {
  lastSeq += 1n;
  const run: Run = {
    msgId: parseMsgId(1_000n + lastSeq),
    bot: parseUsername("ops-bot"),
    sessionId: parseSessionId(session),
    seqId: lastSeq,
    requester: parseUsername("alice"),
    language: "en",
    command: "",
  };
  await ensureRun(db, run);
  return run;
}

function claim(run: Run, { owner = "one", inTurn = true } = {}) {
  return claimRun(pipeline, run, { owner, leaseMs: 60_000, deadlineMs: 60_000 }, inTurn);
}

test("of several workers one has the run", async () => {
  const run = await ask();

  const claims = await Promise.all(["one", "two", "three"].map((owner) => claim(run, { owner })));

  expect(claims.filter((given) => given !== undefined)).toHaveLength(1);
});

const answered = { state: "answered", brain: "", model: "", lost: noUsage } as const;

test("a run waits for the earlier ones of its session, and for no others", async () => {
  const first = await ask();
  const second = await ask();
  const elsewhere = await ask("single:bob:ops-bot");

  expect(await claim(second)).toBeUndefined();
  expect(await claim(elsewhere)).toBeDefined();
  expect(await claim(first)).toMatchObject({ run: { attempts: 1 } });
  expect(await claim(second)).toBeUndefined();
  await finishRun(db, first, "one", { ...answered, brain: "offline" });

  expect(await claim(second)).toMatchObject({ run: { msgId: second.msgId, attempts: 1 } });
});

test("a claim out of turn does not wait", async () => {
  await ask();
  const second = await ask();

  expect(await claim(second, { inTurn: false })).toBeDefined();
});

test("a run that was given back is known to have steps, though it counts as the first attempt", async () => {
  const run = await ask();
  const first = await claim(run);
  await first?.durable;
  const usage = { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 };
  await insertModelStep(db, run, "one", {
    kind: "model",
    number: 1,
    model: "m",
    text: "",
    toolCalls: [],
    finish: "answer",
    usage,
    durationMs: 1,
  });
  await releaseRun(db, run, "one", { countsAsAttempt: false });

  const second = await claim(run, { owner: "two" });

  expect(first?.run).toMatchObject({ attempts: 1, hasSteps: false });
  expect(second?.run).toMatchObject({ attempts: 1, hasSteps: true });
});

test("a claim that does not reach the database says so, and takes nothing", async () => {
  const run = await ask();
  await using lost = openPipeline("mysql://nobody@127.0.0.1:1/none", { poolSize: 1 });

  await expect(
    claimRun(lost, run, { owner: "x", leaseMs: 1, deadlineMs: 1 }, true),
  ).rejects.toThrow("the database does not answer");

  expect(await claim(run)).toMatchObject({ run: { attempts: 1 } });
});

test("who tells of a run is who has it, and everybody while nobody has", async () => {
  const [waiting, mine, others, ended] = await Promise.all(
    ["a", "b", "c", "d"].map((name) => ask(`single:${name}:ops-bot`)),
  );
  if (!waiting || !mine || !others || !ended) throw new Error("not asked");
  for (const [run, owner] of [
    [mine, "one"],
    [others, "two"],
    [ended, "one"],
  ] as const) {
    await (await claim(run, { owner }))?.durable;
  }
  await finishRun(db, ended, "one", answered);
  const msgIds = [waiting, mine, others, ended].map(({ msgId }) => msgId);

  const told = await listTold(db, { bot: waiting.bot, owner: "one", msgIds });

  expect(told).toEqual(new Set([waiting.msgId, mine.msgId]));
});
