import { expect, test } from "vitest";
import { ClientError } from "./client-error.ts";
import { buildMessage } from "./message-builder.ts";
import {
  addPending,
  emptyTimeline,
  findGaps,
  insertMessages,
  insertNewestPage,
  insertOlderPage,
  markFailed,
  markSent,
  newestSeq,
  oldestSeq,
  removePending,
  type SessionTimeline,
} from "./session-timeline.ts";

const empty = emptyTimeline("alice");
const messages = (...seqs: number[]) => seqs.map((seq) => buildMessage({ seqId: BigInt(seq) }));
const seqs = (timeline: SessionTimeline) => timeline.messages.map(({ seqId }) => Number(seqId));
const pendingIds = (timeline: SessionTimeline) => timeline.pending.map((own) => own.clientMsgId);

const withPending = (...ids: string[]) =>
  ids.reduce(
    (timeline, clientMsgId) => addPending(timeline, { clientMsgId, content: "hi", createdAtMs: 1 }),
    empty,
  );

test("messages stand in the order of their seq, each once", () => {
  expect(seqs(insertMessages(empty, messages(3, 1, 2, 3)))).toEqual([1, 2, 3]);
});

test("inserting only known messages gives the same timeline", () => {
  const timeline = insertMessages(empty, messages(4, 5));
  expect(insertMessages(timeline, messages(5))).toBe(timeline);
});

test("an own message that is stored is no longer pending", () => {
  const stored = buildMessage({ seqId: 1n, fromUsername: "alice", clientMsgId: "a" });
  expect(pendingIds(insertMessages(withPending("a", "b"), [stored]))).toEqual(["b"]);
});

test("a sent message goes when its seq comes from a history without client ids", () => {
  const stored = buildMessage({ seqId: 7n, fromUsername: "alice" });
  const sentFirst = insertMessages(markSent(withPending("a"), "a", 7n), [stored]);
  const storedFirst = markSent(insertMessages(withPending("a"), [stored]), "a", 7n);
  expect(pendingIds(sentFirst)).toEqual([]);
  expect(pendingIds(storedFirst)).toEqual([]);
});

test("a sent message stays until its seq is here", () => {
  const sent = markSent(withPending("a"), "a", 7n);
  expect(insertMessages(sent, messages(6)).pending).toMatchObject([{ state: "sent", seqId: 7n }]);
});

test("the client id of somebody else settles no own message", () => {
  const other = buildMessage({ seqId: 1n, fromUsername: "bob", clientMsgId: "a" });
  expect(pendingIds(insertMessages(withPending("a"), [other]))).toEqual(["a"]);
});

test("two pending messages stand beside each other", () => {
  expect(pendingIds(withPending("a", "b"))).toEqual(["a", "b"]);
});

test("a failed message that is tried again keeps its place and loses its error", () => {
  const error = new ClientError("timed_out", "no answer");
  const failed = markFailed(withPending("a", "b"), "a", error);
  const again = addPending(failed, { clientMsgId: "a", content: "hi", createdAtMs: 2 });
  expect(failed.pending[0]).toMatchObject({ state: "failed", error });
  expect(pendingIds(again)).toEqual(["a", "b"]);
  expect(again.pending[0]).not.toHaveProperty("error");
});

test("a change to a message that was stored meanwhile changes nothing", () => {
  const error = new ClientError("timed_out", "no answer");
  expect(markFailed(empty, "a", error).pending).toEqual([]);
});

test("a discarded message is gone", () => {
  expect(pendingIds(removePending(withPending("a", "b"), "a"))).toEqual(["b"]);
});

test("gaps are named by their first and last missing seq", () => {
  const timeline = insertMessages(empty, messages(2, 3, 5, 9));
  expect(findGaps(timeline)).toEqual([
    { firstSeq: 4n, lastSeq: 4n },
    { firstSeq: 6n, lastSeq: 8n },
  ]);
});

test("a newest page that joins what is known extends it", () => {
  const timeline = insertNewestPage(insertMessages(empty, messages(4, 5)), messages(5, 6), 2);
  expect(seqs(timeline)).toEqual([4, 5, 6]);
});

test("a newest page that does not reach what is known replaces it", () => {
  const timeline = insertNewestPage(insertMessages(empty, messages(4, 5)), messages(8, 9), 2);
  expect(seqs(timeline)).toEqual([8, 9]);
  expect(timeline.reachesStart).toBe(false);
});

test("replacing what is known keeps the pending messages", () => {
  const known = insertMessages(withPending("a"), messages(1, 2));
  expect(pendingIds(insertNewestPage(known, messages(8, 9), 2))).toEqual(["a"]);
});

test("a page that is not full reaches the start", () => {
  const timeline = insertOlderPage(insertMessages(empty, messages(9)), messages(7, 8), 3);
  expect(timeline.reachesStart).toBe(true);
});

test("the first message of a session is its start", () => {
  expect(insertOlderPage(empty, messages(1, 2), 2).reachesStart).toBe(true);
  expect(insertOlderPage(empty, messages(2, 3), 2).reachesStart).toBe(false);
});

test("an empty timeline has no newest and no oldest message", () => {
  expect([newestSeq(empty), oldestSeq(empty)]).toEqual([0n, 0n]);
  const timeline = insertMessages(empty, messages(4, 6));
  expect([newestSeq(timeline), oldestSeq(timeline)]).toEqual([6n, 4n]);
});
