import { parseMsgId } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import { Answered } from "./answered.ts";

test("the last questions are remembered, older ones forgotten", () => {
  const answered = new Answered(2);
  for (const id of [1n, 2n, 3n]) answered.add(parseMsgId(id));
  expect([1n, 2n, 3n].map((id) => answered.has(parseMsgId(id)))).toEqual([false, true, true]);
});
