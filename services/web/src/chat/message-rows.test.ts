import { addPending, emptyTimeline, insertMessages } from "@resonance/client";
import { expect, test } from "vitest";
import { buildMessage } from "../state/state-builders.ts";
import { type MessageRow, messageRows } from "./message-rows.ts";

const noon = new Date("2026-03-10T12:00:00").getTime() / 1000;

function timelineOf(...messages: { from: string; at: number; id?: string }[]) {
  return insertMessages(
    emptyTimeline("alice"),
    messages.map(({ from, at, id = "" }, index) =>
      buildMessage({
        seqId: BigInt(index + 1),
        fromUsername: from,
        timestamp: BigInt(noon + at),
        clientMsgId: id,
      }),
    ),
  );
}

const kinds = (rows: readonly MessageRow[]) =>
  rows.map((row) => ("continues" in row && row.continues ? `${row.kind}+` : row.kind));

test("messages of one sender in a row belong together for five minutes", () => {
  const rows = messageRows(
    timelineOf(
      { from: "bob", at: 0 },
      { from: "bob", at: 60 },
      { from: "alice", at: 70 },
      { from: "alice", at: 500 },
    ),
    undefined,
  );
  expect(kinds(rows)).toEqual(["day", "stored", "stored+", "stored", "stored"]);
});

test("every day begins with its date", () => {
  const rows = messageRows(
    timelineOf({ from: "bob", at: 0 }, { from: "bob", at: 24 * 3600 }),
    undefined,
  );
  expect(kinds(rows)).toEqual(["day", "stored", "day", "stored"]);
});

test("the first unread message of somebody else is marked, once", () => {
  const timeline = timelineOf(
    { from: "bob", at: 0 },
    { from: "alice", at: 1 },
    { from: "bob", at: 2 },
    { from: "bob", at: 3 },
  );
  expect(kinds(messageRows(timeline, { afterSeq: 1n, throughSeq: 4n }))).toEqual([
    "day",
    "stored",
    "stored",
    "unread",
    "stored",
    "stored+",
  ]);
});

test("a session that was never read is not marked", () => {
  const rows = messageRows(timelineOf({ from: "bob", at: 0 }), { afterSeq: 0n, throughSeq: 1n });
  expect(kinds(rows)).toEqual(["day", "stored"]);
});

test("a message that came after the session was opened is not marked", () => {
  const timeline = timelineOf({ from: "bob", at: 0 }, { from: "bob", at: 1 });
  const rows = messageRows(timeline, { afterSeq: 1n, throughSeq: 1n });
  expect(kinds(rows)).toEqual(["day", "stored", "stored+"]);
});

test("a message keeps its key when it is stored", () => {
  const pending = addPending(emptyTimeline("alice"), {
    clientMsgId: "c1",
    content: "x",
    createdAtMs: noon * 1000,
  });
  const stored = timelineOf({ from: "alice", at: 0, id: "c1" });
  expect(messageRows(pending, undefined).at(-1)?.key).toBe("c1");
  expect(messageRows(stored, undefined).at(-1)?.key).toBe("c1");
});

test("somebody else's client id is no key", () => {
  const stored = timelineOf({ from: "bob", at: 0, id: "c1" });
  expect(messageRows(stored, undefined).at(-1)?.key).toBe("seq:1");
});
