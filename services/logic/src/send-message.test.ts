import type { ClientMsgId, MsgId, SeqId, SessionId, Username } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import { type Draft, decide, type Facts, mentions } from "./send-message.ts";

const bot = "ops-bot" as Username;
const draft: Draft = {
  sessionId: "single:alice:ops-bot" as SessionId,
  sender: "alice" as Username,
  content: "hi",
  type: "text",
  clientMsgId: "c1" as ClientMsgId,
  clientChoseId: true,
};
const facts: Facts = {
  sessionType: 1,
  isMember: true,
  senderIsBot: false,
  botsInSession: [],
  stored: undefined,
};

test("one-to-one with a person announces to people", () => {
  expect(decide(draft, facts)).toEqual({ kind: "store", route: { people: true, bots: [] } });
});

test("one-to-one with a bot announces to the bot instead", () => {
  expect(decide(draft, { ...facts, botsInSession: [bot] })).toEqual({
    kind: "store",
    route: { people: false, bots: [bot] },
  });
});

test("a bot's own message announces to people, also when another bot is there or mentioned", () => {
  const fromBot = { ...draft, sender: bot, content: "@other-bot hi" };
  const botsInSession = [bot, "other-bot" as Username];

  for (const sessionType of [1, 2]) {
    expect(decide(fromBot, { ...facts, sessionType, senderIsBot: true, botsInSession })).toEqual({
      kind: "store",
      route: { people: true, bots: [] },
    });
  }
});

test("a group announces to people always, and to a bot that is mentioned", () => {
  const group = { ...facts, sessionType: 2, botsInSession: [bot] };

  expect(decide({ ...draft, content: "hey @ops-bot, logs" }, group)).toMatchObject({
    route: { people: true, bots: [bot] },
  });
  expect(decide(draft, group)).toMatchObject({ route: { people: true, bots: [] } });
});

test("a mention of a bot that is not in the group reaches nobody else", () => {
  const outside = decide({ ...draft, content: "@ops-bot hi" }, { ...facts, sessionType: 2 });

  expect(outside).toMatchObject({ route: { people: true, bots: [] } });
});

test("who was removed hears of what he had sent, and sends nothing more", () => {
  const { sessionId, content, type } = draft;
  const stored = { msgId: 7n as MsgId, seqId: 3n as SeqId, sessionId, content, type };
  const removed = { ...facts, isMember: false, stored };

  expect(decide(draft, removed)).toEqual({ kind: "duplicate", ids: stored });
  expect(decide({ ...draft, content: "something else" }, removed)).toMatchObject({
    kind: "refuse",
    error: { reason: "not_a_member" },
  });
});

test("an unknown session is refused like a foreign one", () => {
  const unknown = decide(draft, { ...facts, sessionType: undefined });
  const foreign = decide(draft, { ...facts, isMember: false });

  expect(unknown).toEqual(foreign);
  expect(foreign).toMatchObject({ kind: "refuse", error: { message: "not a session member" } });
});

test("what is stored under the client id answers again, or conflicts", () => {
  const stored = {
    msgId: 7n as MsgId,
    seqId: 3n as SeqId,
    sessionId: draft.sessionId,
    content: "hi",
    type: "text",
  };

  expect(decide(draft, { ...facts, stored })).toMatchObject({
    kind: "duplicate",
    ids: { msgId: 7n, seqId: 3n },
  });
  expect(decide(draft, { ...facts, stored: { ...stored, content: "other" } })).toMatchObject({
    kind: "refuse",
    error: { reason: "client_msg_id_conflict" },
  });
});

test.each([
  ["@ops-bot logs", true],
  ["hey @Ops-Bot!", true],
  ["帮我看看，@ops-bot 日志", true],
  ["（@ops-bot）", true],
  ["@ops-bot看下日志", true],
  ["帮我看看@ops-bot", true],
  ["@ops-bot2看下日志", false],
  ["@ops-bot2", false],
  ["@ops-botty", false],
  ["mail@ops-bot", false],
  ["ops-bot", false],
])("%j mentions ops-bot: %s", (content, expected) => {
  expect(mentions(content, bot)).toBe(expected);
});
