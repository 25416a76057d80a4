import { createLogger } from "@resonance/kit";
import { parseMsgId, parseSessionId, parseUsername } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import { Progress, type ProgressOf } from "./progress.ts";

const log = createLogger("test", "silent");
const runs = Array.from({ length: 25 }, (_, n): ProgressOf => {
  const sessionId = parseSessionId(`single:p${n}:ops-bot`);
  return { msgId: parseMsgId(BigInt(n + 1)), seqId: 1n, sessionId, bot: parseUsername("ops-bot") };
});

test("the same is told once, and again after 10 s, those who wait longest first and few at a time", async () => {
  let nowMs = 0;
  const told: bigint[] = [];
  using progress = new Progress(
    ({ msgId }) => told.push(msgId),
    async (msgIds) => new Set(msgIds),
    log,
    () => nowMs,
  );
  for (const run of runs) {
    progress.tell(run, "on it");
    progress.tell(run, "on it");
  }
  expect(told).toEqual(runs.map(({ msgId }) => msgId));
  progress.end(parseMsgId(2n));

  const again = async (atMs: number) => {
    nowMs = atMs;
    told.splice(0);
    await progress.tellAgain();
    return told.map(Number);
  };

  expect(await again(9_999)).toEqual([]);
  expect(await again(10_000)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(await again(10_200)).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
  expect(await again(10_400)).toEqual([22, 23, 24, 25]);
  expect(await again(20_000)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test("what another process works on, or has ended, is not told again", async () => {
  let nowMs = 0;
  const told: string[] = [];
  using progress = new Progress(
    ({ msgId }, text) => told.push(`${msgId} ${text}`),
    async () => new Set([parseMsgId(1n)]),
    log,
    () => nowMs,
  );
  for (const run of runs.slice(0, 3)) progress.tell(run, "waiting");
  nowMs = 10_000;
  told.splice(0);

  await progress.tellAgain();
  await progress.tellAgain();

  expect(told).toEqual(["1 waiting"]);
});

test("that nobody can be asked what goes on is in the log, once until it is possible again", async () => {
  let nowMs = 0;
  const told: string[] = [];
  const logged: string[] = [];
  const outcomes = [false, false, true, false];
  using progress = new Progress(
    (_, text) => told.push(text),
    async (msgIds) => {
      if (!outcomes.shift()) throw new Error("the database does not answer");
      return new Set(msgIds);
    },
    { warn: (_facts: object, text: string) => logged.push(text) } as never,
    () => nowMs,
  );
  for (const run of runs.slice(0, 1)) progress.tell(run, "thinking");
  told.splice(0);

  nowMs = 10_000;
  await progress.tellAgain();
  await progress.tellAgain();
  expect(told).toEqual([]);
  expect(logged).toHaveLength(1);
  await progress.tellAgain();
  expect(told).toEqual(["thinking"]);
  nowMs = 20_000;
  await progress.tellAgain();

  expect(logged).toHaveLength(2);
  expect(logged[0]).toContain("told again");
});

test("what is said while it is looked up is not said over by what was before", async () => {
  let nowMs = 0;
  const told: string[] = [];
  const [run] = runs;
  if (!run) throw new Error("no run");
  using progress = new Progress(
    (_, text) => told.push(text),
    async (msgIds) => {
      progress.tell(run, "reading logs");
      return new Set(msgIds);
    },
    log,
    () => nowMs,
  );
  progress.tell(run, "thinking");
  nowMs = 10_000;

  await progress.tellAgain();

  expect(told).toEqual(["thinking", "reading logs"]);
});
