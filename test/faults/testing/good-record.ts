import type { HistoryEvent } from "./history.ts";
import type { Tables } from "./tables.ts";

export const session = "single:alice:bob";
export const botSession = "single:alice:ops-bot";

/** Alice asks bob and the bot one thing each, on two devices, and everything is as it should be. */
export function goodHistory(): HistoryEvent[] {
  const both = (event: { session: string; seq: number; msgId: string; replyTo?: string }) =>
    ["alice/1", "alice/2"].map((device): HistoryEvent => ({ kind: "recv", device, ...event }));
  return [
    ...["alice/1", "alice/2", "bob/1"].flatMap((device): HistoryEvent[] => [
      { kind: "follow", device, session, afterSeq: 0 },
    ]),
    ...["alice/1", "alice/2"].map((device): HistoryEvent => {
      return { kind: "follow", device, session: botSession, afterSeq: 1 };
    }),
    { kind: "send", device: "alice/1", session, clientMsgId: "c1", asksBot: false },
    { kind: "ack", device: "alice/1", session, clientMsgId: "c1", msgId: "101", seq: 1 },
    { kind: "send", device: "alice/1", session, clientMsgId: "c2", asksBot: false },
    { kind: "ack", device: "alice/1", session, clientMsgId: "c2", msgId: "102", seq: 2 },
    { kind: "send", device: "alice/2", session: botSession, clientMsgId: "q1", asksBot: true },
    {
      kind: "ack",
      device: "alice/2",
      session: botSession,
      clientMsgId: "q1",
      msgId: "202",
      seq: 2,
    },
    ...both({ session, seq: 1, msgId: "101" }),
    ...both({ session, seq: 2, msgId: "102" }),
    ...both({ session: botSession, seq: 2, msgId: "202" }),
    ...both({ session: botSession, seq: 3, msgId: "203", replyTo: "202" }),
    { kind: "recv", device: "bob/1", session, seq: 1, msgId: "101" },
    { kind: "recv", device: "bob/1", session, seq: 2, msgId: "102" },
    { kind: "unread", username: "alice", session, unread: 2 },
    { kind: "unread", username: "bob", session, unread: 1 },
  ];
}

/** What the servers hold when everything has gone well. */
export function goodTables() {
  const member = { joinedSeq: 0, lastRead: 0, isBot: false };
  const inbox = (owner: string) => [
    { owner, session, seq: 1, msgId: "101" },
    { owner, session, seq: 2, msgId: "102" },
  ];
  return {
    messages: [
      { session, seq: 1, msgId: "101", sender: "alice", clientMsgId: "c1" },
      { session, seq: 2, msgId: "102", sender: "alice", clientMsgId: "c2" },
      { session: botSession, seq: 1, msgId: "201", sender: "ops-bot", clientMsgId: "welcome:a" },
      { session: botSession, seq: 2, msgId: "202", sender: "alice", clientMsgId: "q1" },
      { session: botSession, seq: 3, msgId: "203", sender: "ops-bot", clientMsgId: "answer:202" },
    ],
    sessions: [
      { session, maxSeq: 2 },
      { session: botSession, maxSeq: 3 },
    ],
    members: [
      { ...member, session, username: "alice" },
      { ...member, session, username: "bob", lastRead: 1 },
      { ...member, session: botSession, username: "alice", joinedSeq: 1 },
      { ...member, session: botSession, username: "ops-bot", isBot: true },
    ],
    inbox: [
      ...inbox("alice"),
      ...inbox("bob"),
      { owner: "alice", session: botSession, seq: 2, msgId: "202" },
      { owner: "alice", session: botSession, seq: 3, msgId: "203" },
    ],
    unpublished: [] as Tables["unpublished"][number][],
    deadLetters: [] as Tables["deadLetters"][number][],
    consumers: [{ durable: "task", waiting: 0, inHand: 0 }],
  };
}
