import { ChatError } from "@resonance/kit";
import { parseMsgId, parseSessionId, parseUsername } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import type { Run } from "../runs/run.ts";
import { EarlyHistory } from "./early-history.ts";

const signal = new AbortController().signal;
const run: Run = {
  msgId: parseMsgId(7n),
  bot: parseUsername("ops-bot"),
  sessionId: parseSessionId("single:alice:ops-bot"),
  seqId: 3n,
  requester: parseUsername("alice"),
  language: "en",
  command: "",
};
const wanted = { ...run, before: 5 };

function setUp(answers: (() => Promise<{ messages: [] }>)[] = []) {
  let reads = 0;
  const sessions = {
    getHistoryMessages: () => answers[reads++]?.() ?? Promise.resolve({ messages: [] }),
  } as unknown as ConstructorParameters<typeof EarlyHistory>[0]["sessions"];
  return { history: new EarlyHistory({ sessions, contextMessages: 5 }), reads: () => reads };
}

test("a history that was begun while the run was claimed is read once", async () => {
  const { history, reads } = setUp();

  using _begun = history.begin(run);
  await history.read(wanted, signal);

  expect(reads()).toBe(1);
});

test("what was begun for a run that nobody got is not used later", async () => {
  const { history, reads } = setUp();

  history.begin(run)[Symbol.dispose]();
  await history.read(wanted, signal);

  expect(reads()).toBe(2);
});

test("one that failed is read again by the next try", async () => {
  const { history } = setUp([() => Promise.reject(new ChatError("unavailable", "away"))]);

  using _begun = history.begin(run);

  await expect(history.read(wanted, signal)).rejects.toThrow("away");
  await expect(history.read(wanted, signal)).resolves.toMatchObject({ before: [] });
});

test("a run whose place in the session is not known is read only when it is claimed", async () => {
  const { history, reads } = setUp();

  using _begun = history.begin({ ...run, seqId: 0n });

  expect(reads()).toBe(0);
});
