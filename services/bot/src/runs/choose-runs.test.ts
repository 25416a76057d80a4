import { parseMsgId, parseSessionId, parseUsername, type Username } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import type { WaitingRun } from "../sql/runs.ts";
import { chooseRuns } from "./choose-runs.ts";

const none = { slots: 0, byRequester: new Map<Username, number>() };
let lastId = 0n;

function run(requester: string, more: Partial<WaitingRun> = {}): WaitingRun {
  lastId += 1n;
  return {
    msgId: parseMsgId(lastId),
    bot: parseUsername("ops-bot"),
    sessionId: parseSessionId(`group:${lastId}`),
    seqId: 1n,
    requester: parseUsername(requester),
    language: "en",
    command: "",
    isCancelled: false,
    ...more,
  };
}

test("ten people over two slots: two start, eight wait in their order", () => {
  const waiting = Array.from({ length: 10 }, (_, index) => run(`person-${index}`));
  const { start, wait } = chooseRuns(waiting, none, 2);
  expect(start).toEqual(waiting.slice(0, 2));
  expect(wait).toEqual(waiting.slice(2));
});

test("somebody with fifty questions leaves half of the slots to others", () => {
  const greedy = Array.from({ length: 50 }, () => run("alice"));
  const { start } = chooseRuns(greedy, none, 8);
  expect(start).toHaveLength(4);
  const occupied = { slots: 4, byRequester: new Map([[parseUsername("alice"), 4]]) };
  const later = chooseRuns([...greedy, run("bob")], occupied, 8);
  expect(later.start.map(({ requester }) => requester)).toEqual(["bob"]);
});

test("what is cancelled, and the command that cancels, need no slot", () => {
  const full = { slots: 2, byRequester: new Map([[parseUsername("alice"), 1]]) };
  const waiting = [
    run("bob"),
    run("alice", { command: "/cancel" }),
    run("x", { isCancelled: true }),
  ];
  expect(chooseRuns(waiting, full, 2)).toEqual({ start: waiting.slice(1), wait: [waiting[0]] });
});
