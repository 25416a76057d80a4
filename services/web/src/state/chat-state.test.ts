import { create } from "@bufbuild/protobuf";
import { ProgressSchema } from "@resonance/mq-proto/gateway";
import { expect, test } from "vitest";
import {
  applyMessage,
  applyProgress,
  applySessions,
  type ChatState,
  initialState,
  markRead,
  openSession,
  totalUnread,
  updateHistory,
} from "./chat-state.ts";
import { buildInfo, buildMessage } from "./state-builders.ts";

const id = "single:alice:ops-bot";

function listed(...infos: Parameters<typeof buildInfo>[0][]): ChatState {
  return applySessions(initialState("alice"), infos.map(buildInfo));
}

const progress = (refMsgId: bigint, text: string) =>
  create(ProgressSchema, { sessionId: id, refMsgId, fromUsername: "ops-bot", text });

test("a message of somebody else in a session that is not on screen is unread", () => {
  const state = applyMessage(listed({ id, lastSeq: 1 }), buildMessage({ seqId: 2n }), false);
  expect(state.sessions.get(id)).toMatchObject({ unread: 1, lastSeq: 2n });
  expect(totalUnread(state)).toBe(1);
});

test("own messages and messages on screen are not unread", () => {
  const own = buildMessage({ seqId: 2n, fromUsername: "alice" });
  const state = applyMessage(listed({ id, lastSeq: 1 }), own, false);
  expect(applyMessage(state, buildMessage({ seqId: 3n }), true).sessions.get(id)?.unread).toBe(0);
});

test("the session list does not take back what is newer here", () => {
  const read = markRead(listed({ id, lastSeq: 5, readSeq: 2, unread: 3 }), id);
  const newer = applyMessage(read, buildMessage({ seqId: 6n, content: "newest" }), true);
  const state = applySessions(markRead(newer, id), [
    buildInfo({ id, lastSeq: 5, readSeq: 2, unread: 3 }),
  ]);
  expect(state.sessions.get(id)).toMatchObject({ unread: 0, lastReadSeq: 6n, lastSeq: 6n });
  expect(state.sessions.get(id)?.lastMessage?.content).toBe("newest");
});

test("a negative unread count of the server is none", () => {
  expect(listed({ id, lastSeq: 5, readSeq: 1, unread: -2 }).sessions.get(id)?.unread).toBe(0);
});

test("a session without messages has no last message", () => {
  expect(listed({ id }).sessions.get(id)?.lastMessage).toBeUndefined();
});

test("a message of an unknown session makes the session known", () => {
  const sessionMeta = { name: "Night shift", type: 2 };
  const message = buildMessage({ sessionId: "group:7", sessionMeta });
  const state = applyMessage(listed(), message, false);
  expect(state.sessions.get("group:7")).toMatchObject({ name: "Night shift", type: 2, unread: 1 });
});

test("a message joins the history of its session if that was opened", () => {
  const opened = updateHistory(listed({ id, lastSeq: 1 }), id, { loaded: true });
  const state = applyMessage(opened, buildMessage({ seqId: 2n }), true);
  expect(state.histories.get(id)?.timeline.messages).toHaveLength(1);
  expect(applyMessage(listed(), buildMessage(), true).histories.size).toBe(0);
});

test("what was unread when a session was opened is kept, even if it is learnt later", () => {
  const opened = openSession(initialState("alice"), id);
  const state = applySessions(opened, [buildInfo({ id, lastSeq: 9, readSeq: 4, unread: 5 })]);
  const later = applyMessage(markRead(state, id), buildMessage({ seqId: 10n }), true);
  expect(applySessions(later, []).open?.unread).toEqual({ afterSeq: 4n, throughSeq: 9n });
});

test("in a session that was read to its end nothing was unread", () => {
  const { open } = openSession(listed({ id, lastSeq: 9, readSeq: 9 }), id);
  expect(open?.unread).toEqual({ afterSeq: 9n, throughSeq: 9n });
});

test("the answer ends the progress of its question, and late progress is ignored", () => {
  const working = applyProgress(listed(), progress(70n, "reading logs"), 1_000);
  expect(working.progress.get(id)).toMatchObject({ text: "reading logs", startedAtMs: 1_000 });
  const answer = buildMessage({ seqId: 2n, msgId: 71n, clientMsgId: "answer:70" });
  const answered = applyMessage(working, answer, true);
  expect(answered.progress.size).toBe(0);
  expect(applyProgress(answered, progress(70n, "late"), 2_000).progress.size).toBe(0);
});

test("the answer to an earlier question does not end the progress of a later one", () => {
  const working = applyProgress(listed(), progress(80n, "reading logs"), 1_000);
  const answer = buildMessage({ seqId: 2n, clientMsgId: "answer:70" });
  expect(applyMessage(working, answer, true).progress.get(id)?.refMsgId).toBe(80n);
});

test("further progress keeps the time at which the work began", () => {
  const begun = applyProgress(listed(), progress(70n, "reading logs"), 1_000);
  const further = applyProgress(begun, progress(70n, "counting"), 4_000);
  expect(further.progress.get(id)).toMatchObject({
    text: "counting",
    startedAtMs: 1_000,
    updatedAtMs: 4_000,
  });
});

test("marking a session as read that has nothing unread changes nothing", () => {
  const state = listed({ id, lastSeq: 5, readSeq: 5 });
  expect(markRead(state, id)).toBe(state);
});
