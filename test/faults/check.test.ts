import { expect, test } from "vitest";
import { check } from "./testing/check.ts";
import { botSession, goodHistory, goodTables, session } from "./testing/good-record.ts";
import type { HistoryEvent, HistoryLine } from "./testing/history.ts";

type GoodTables = ReturnType<typeof goodTables>;

/** The violations after one thing was broken. */
function violationsOf(
  breakIt: (history: HistoryEvent[], tables: GoodTables) => HistoryEvent[] | undefined,
): string[] {
  const tables = goodTables();
  const good = goodHistory();
  const events = breakIt(good, tables) ?? good;
  const lines = events.map((event, index): HistoryLine => ({ atMs: index, ...event }));
  return check(lines, tables).map(({ invariant, what }) => `${invariant} ${what}`);
}

function without(
  history: readonly HistoryEvent[],
  unwanted: Partial<Record<string, string | number>>,
): HistoryEvent[] {
  return history.filter((event) => {
    const fields = new Map<string, unknown>(Object.entries(event));
    return !Object.entries(unwanted).every(([key, value]) => fields.get(key) === value);
  });
}

/** Takes the first row that is so out of a table. */
function take<Row extends object>(rows: Row[], wanted: Partial<Row>): void {
  const index = rows.findIndex((row) =>
    Object.entries(wanted).every(([key, value]) => Reflect.get(row, key) === value),
  );
  if (index < 0) throw new Error("no such row");
  rows.splice(index, 1);
}

function change<Row extends object>(rows: Row[], wanted: Partial<Row>, to: Partial<Row>): void {
  const row = rows.find((one) =>
    Object.entries(wanted).every(([key, value]) => Reflect.get(one, key) === value),
  );
  if (!row) throw new Error("no such row");
  Object.assign(row, to);
}

test("what is as it should be has no violation", () => {
  expect(violationsOf(() => undefined)).toEqual([]);
});

const broken: [
  string,
  RegExp,
  (history: HistoryEvent[], tables: GoodTables) => HistoryEvent[] | undefined,
][] = [
  [
    "an acknowledged message that is not stored",
    /^I1 alice c2 .* acknowledged as 102 as seq 2, is not stored/,
    (_, { messages }) => void take(messages, { msgId: "102" }),
  ],
  [
    "an acknowledged message that is stored under another seq",
    /^I1 alice c2 .* is 102 in single:alice:bob as seq 9/,
    (_, { messages }) => void change(messages, { msgId: "102" }, { seq: 9 }),
  ],
  [
    "an acknowledged message that is stored under another id",
    /^I1 alice c1 .* is 777 /,
    (_, { messages }) => void change(messages, { msgId: "101" }, { msgId: "777" }),
  ],
  [
    "a client id that is stored twice",
    /^I2 client id alice c1 is stored 2 times: 101, 105/,
    (_, { messages }) =>
      void messages.push({ session, seq: 3, msgId: "105", sender: "alice", clientMsgId: "c1" }),
  ],
  [
    "a seq that two messages have",
    /^I2 place single:alice:bob seq 2 is stored 2 times: 102, 105/,
    (_, { messages }) =>
      void messages.push({ session, seq: 2, msgId: "105", sender: "bob", clientMsgId: "x" }),
  ],
  [
    "a message that a device is shown twice",
    /^I2 bob\/1 was shown single:alice:bob seq 2 \(102\) twice/,
    (history) => [...history, { kind: "recv", device: "bob/1", session, seq: 2, msgId: "102" }],
  ],
  [
    "a row that an inbox has twice",
    /^I2 the inbox of bob single:alice:bob seq 2 has two rows/,
    (_, { inbox }) => void inbox.push({ owner: "bob", session, seq: 2, msgId: "102" }),
  ],
  [
    "a hole in a session",
    /^I3 single:alice:bob ends at 2 and has no seq 1/,
    (_, { messages }) => void take(messages, { msgId: "101" }),
  ],
  [
    "a max_seq_id that is not the last seq",
    /^I3 single:alice:bob ends at 3 and has no seq 3/,
    (_, { sessions }) => void change(sessions, { session }, { maxSeq: 3 }),
  ],
  [
    "a message beyond max_seq_id",
    /^I3 single:alice:bob ends at 1 and has seq 2/,
    (_, { sessions }) => void change(sessions, { session }, { maxSeq: 1 }),
  ],
  [
    "a device that shows a session out of order",
    /^I4 bob\/1 was shown single:alice:bob seq 1 \(101\) after seq 2/,
    (history) => {
      const first: HistoryEvent = { kind: "recv", device: "bob/1", session, seq: 1, msgId: "101" };
      return [...without(history, first), first];
    },
  ],
  [
    "messages of one device that are stored in another order",
    /^I4 alice\/1 .*: c1 sent first has seq 2, c2 has 1/,
    (history) =>
      history.map((event): HistoryEvent => {
        return event.kind === "ack" && event.session === session
          ? { ...event, seq: 3 - event.seq }
          : event;
      }),
  ],
  [
    "a device that lacks a message",
    /^I5 alice\/2 was not shown single:alice:bob seq 2 \(102\)/,
    (history) => without(history, { kind: "recv", device: "alice/2", msgId: "102" }),
  ],
  [
    "a device that is shown what is not stored",
    /^I5 bob\/1 was shown single:alice:bob seq 3 \(999\), where nothing is stored/,
    (history) => [...history, { kind: "recv", device: "bob/1", session, seq: 3, msgId: "999" }],
  ],
  [
    "a device that is signed out",
    /^I5 bob\/1 was signed out/,
    (history) => [...history, { kind: "signed_out", device: "bob/1" }],
  ],
  [
    "an inbox that lacks a message",
    /^I5 the inbox of bob single:alice:bob seq 1 has nothing, not 101/,
    (_, { inbox }) => void take(inbox, { owner: "bob", seq: 1 }),
  ],
  [
    "an event that is not published",
    /^I6 the event of 102 on resonance\.push\.event\.v1 is not published/,
    (_, { unpublished }) =>
      void unpublished.push({ msgId: "102", topic: "resonance.push.event.v1", status: 0 }),
  ],
  [
    "an event that no consumer finishes",
    /^I6 task has not finished: 1 events wait, 2 in hand/,
    (_, { consumers }) => void change(consumers, { durable: "task" }, { waiting: 1, inHand: 2 }),
  ],
  [
    "a dead letter",
    /^I6 dead letter 1 of t: cause/,
    (_, { deadLetters }) => void deadLetters.push({ id: "1", topic: "t", cause: "cause" }),
  ],
  [
    "an unread count that is wrong",
    /^I7 bob in single:alice:bob: told 5 unread, there are 1/,
    (history) => [...history, { kind: "unread", username: "bob", session, unread: 5 }],
  ],
  [
    "a read position past the end",
    /^I7 bob has read single:alice:bob to 9, which ends at 2/,
    (_, { members }) => void change(members, { session, username: "bob" }, { lastRead: 9 }),
  ],
  [
    "an attempt that is never acknowledged",
    /^I8 alice c2 .* was never acknowledged, stored 1 times/,
    (history) => without(history, { kind: "ack", clientMsgId: "c2" }),
  ],
  [
    "a repetition that is acknowledged as another message",
    /^I8 alice c2 .* was acknowledged as 102 as seq 2, then 103 as seq 3/,
    (history) => [
      ...history,
      { kind: "ack", device: "alice/1", session, clientMsgId: "c2", msgId: "103", seq: 3 },
    ],
  ],
  [
    "a question without an answer",
    /^I9 question 202 in single:alice:ops-bot has 0 answers/,
    (_, { messages }) => void take(messages, { msgId: "203" }),
  ],
  [
    "a question with two answers",
    /^I9 question 202 in single:alice:ops-bot has 2 answers: seq 3, seq 4/,
    (_, { messages }) =>
      void messages.push({
        session: botSession,
        seq: 4,
        msgId: "204",
        sender: "ops-bot",
        clientMsgId: "answer:202",
      }),
  ],
  [
    "a bot that speaks unasked",
    /^I9 ops-bot said 203 .* unasked/,
    (_, { messages }) => void change(messages, { msgId: "203" }, { clientMsgId: "answer:999" }),
  ],
  [
    "somebody who is shown a foreign session",
    /^I10 bob was shown seq 2 of single:alice:ops-bot/,
    (history) => [
      ...history,
      { kind: "recv", device: "bob/1", session: botSession, seq: 2, msgId: "202" },
    ],
  ],
  [
    "somebody who can read a foreign session",
    /^I10 eve could read single:alice:bob/,
    (history) => [...history, { kind: "read", username: "eve", session }],
  ],
  [
    "an inbox with a foreign message",
    /^I10 the inbox of eve single:alice:bob seq 2 \(102\) is no member's/,
    (_, { inbox }) => void inbox.push({ owner: "eve", session, seq: 2, msgId: "102" }),
  ],
];

test.each(broken)("%s is found", (_, expected, breakIt) => {
  expect(violationsOf(breakIt)).toContainEqual(expect.stringMatching(expected));
});

const long = "single:bob:carol";

/**
 * Bob is shown the first of so many messages of carol's, is told to load the session again, and is
 * shown the last one.
 */
function reloading(messages: number, history: HistoryEvent[], tables: GoodTables): HistoryEvent[] {
  const seqs = Array.from({ length: messages }, (_, index) => index + 1);
  const rows = seqs.map((seq) => ({ session: long, seq, msgId: `long ${seq}` }));
  const about = { device: "bob/1", session: long };
  tables.sessions.push({ session: long, maxSeq: messages });
  for (const username of ["bob", "carol"]) {
    const member = { session: long, username, joinedSeq: 0, lastRead: 0, isBot: false };
    tables.members.push(member);
    tables.inbox.push(...rows.map((row) => ({ ...row, owner: username })));
  }
  tables.messages.push(
    ...rows.map((row) => ({ ...row, sender: "carol", clientMsgId: `long${row.seq}` })),
  );
  return [
    ...history,
    { kind: "follow", ...about, afterSeq: 0 },
    { kind: "recv", ...about, seq: 1, msgId: "long 1" },
    { kind: "reload", ...about },
    { kind: "recv", ...about, seq: messages, msgId: `long ${messages}` },
  ];
}

test("more than 300 messages that a device was told to load again are not missed", () => {
  expect(violationsOf((history, tables) => reloading(303, history, tables))).toEqual([]);
});

test("a device that loads again what it could have fetched is found", () => {
  const violations = violationsOf((history, tables) => reloading(302, history, tables));

  expect(violations).toEqual([
    "I5 bob/1 loaded single:bob:carol again 1 times after seq 1, having missed 300",
  ]);
});

test("a device that was told to load again and has missed nothing is found", () => {
  const violations = violationsOf((history) => [
    ...history,
    { kind: "reload", device: "bob/1", session },
  ]);

  expect(violations).toEqual([
    "I5 bob/1 loaded single:alice:bob again 1 times after seq 2, having missed 0",
  ]);
});

test("loading again twice has a reason each time", () => {
  const twice = (messages: number) =>
    violationsOf((history, tables) =>
      reloading(messages, history, tables).flatMap((event): HistoryEvent[] =>
        event.kind === "reload" ? [event, event] : [event],
      ),
    );

  expect(twice(603)).toEqual([]);
  expect(twice(602)).toEqual([expect.stringMatching(/^I5 .* again 2 times .* missed 600$/)]);
});

test("loading again does not excuse what is sent after it", () => {
  const violations = violationsOf((history, tables) => {
    const events = reloading(303, history, tables);
    const message = { device: "carol/1", session: long, clientMsgId: "long303" };
    const sent: HistoryEvent[] = [
      { kind: "send", ...message, asksBot: false },
      { kind: "ack", ...message, msgId: "long 303", seq: 303 },
    ];
    return [...events.slice(0, -1), ...sent];
  });

  expect(violations).toEqual(["I5 bob/1 was not shown single:bob:carol seq 303 (long 303)"]);
});

test("a send that failed and was repeated may be stored after a later one", () => {
  const violations = violationsOf((history) => [
    ...history.map((event): HistoryEvent => {
      return event.kind === "send" && event.session === session
        ? { ...event, clientMsgId: event.clientMsgId === "c1" ? "c2" : "c1" }
        : event;
    }),
    { kind: "error", device: "alice/1", session, clientMsgId: "c2", reason: "timed_out" },
  ]);

  expect(violations).toEqual([]);
});
