import { parseMsgId, parseSessionId, parseUsername } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import { Progress, type ProgressOf } from "./progress.ts";

const runs = Array.from({ length: 25 }, (_, n): ProgressOf => {
  const sessionId = parseSessionId(`single:p${n}:ops-bot`);
  return { msgId: parseMsgId(BigInt(n + 1)), seqId: 1n, sessionId, bot: parseUsername("ops-bot") };
});

test("the same is told once, and again after 10 s, those who wait longest first and few at a time", () => {
  let nowMs = 0;
  const told: bigint[] = [];
  using progress = new Progress(
    ({ msgId }) => told.push(msgId),
    () => nowMs,
  );
  for (const run of runs) {
    progress.tell(run, "on it");
    progress.tell(run, "on it");
  }
  expect(told).toEqual(runs.map(({ msgId }) => msgId));
  progress.end(parseMsgId(2n));

  const again = (atMs: number) => {
    nowMs = atMs;
    told.splice(0);
    progress.tellAgain();
    return told.map(Number);
  };

  expect(again(9_999)).toEqual([]);
  expect(again(10_000)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(again(10_200)).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
  expect(again(10_400)).toEqual([22, 23, 24, 25]);
  expect(again(20_000)).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});
