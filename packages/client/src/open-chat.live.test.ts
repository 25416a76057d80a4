import { create } from "@bufbuild/protobuf";
import {
  PresenceSchema,
  PulseSchema,
  type PushMessage,
  TypingSchema,
} from "@resonance/mq-proto/gateway";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { FakeGateway } from "./fake-gateway.ts";
import { type ChatOptions, openChat } from "./open-chat.ts";
import type { Timing } from "./timing.ts";

const sessionId = "single:alice:ops-bot";
const { signal } = new AbortController();
const missed = { case: "pulse", value: create(PulseSchema, { missed: true }) } as const;

const quick: Timing = {
  pulseEveryMs: 40,
  answerWithinMs: 40,
  connectWithinMs: 1_000,
  reconnectBaseMs: 5,
  reconnectMaxMs: 50,
  resendAfterMs: 50,
  sendWithinMs: 3_000,
  gapWaitMs: 10,
  silenceMs: 60_000,
  listEveryMs: 60_000,
  requestTimeoutMs: 1_000,
};

/** A chat of alice with what it has been told so far. */
function openRecorded(gateway: FakeGateway, options: Partial<ChatOptions> = {}) {
  const seen = {
    states: [] as string[],
    messages: [] as PushMessage[],
    reloads: [] as string[],
    resets: [] as string[],
    lists: 0,
    signedOut: [] as string[],
  };
  const chat = openChat(
    {
      baseUrl: gateway.url,
      token: FakeGateway.token,
      username: "alice",
      onState: (state) => seen.states.push(state),
      onMessage: (message) => seen.messages.push(message),
      onReload: (id) => seen.reloads.push(id),
      onReset: (id) => seen.resets.push(id),
      onSessions: () => seen.lists++,
      onSignedOut: (error) => seen.signedOut.push(error.reason),
      ...options,
      timing: { ...quick, ...options.timing },
    },
    signal,
  );
  const online = () => eventually(() => seen.states.at(-1) === "online" && seen.lists > 0);
  const contents = () => seen.messages.map(({ content }) => content);
  return { chat, seen, online, contents };
}

test("a message is sent, acknowledged, and comes back as an own message", async () => {
  await using gateway = await new FakeGateway().listen();
  const { chat, seen } = openRecorded(gateway);
  await using _ = chat;
  const sent = await chat.send({ sessionId, content: "hello", clientMsgId: "c1" }, signal);
  await eventually(() => seen.messages.length === 1);
  expect(sent).toEqual({ msgId: 1n, seqId: 1n, clientMsgId: "c1" });
  expect(seen.messages[0]).toMatchObject({ ...sent, fromUsername: "alice", content: "hello" });
});

test("a lost Ack leads to a resend with the same id and to one message", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.chatPolicy = () => (gateway.chats.length === 1 ? "lose_ack" : "acknowledge");
  const { chat, online, contents } = openRecorded(gateway);
  await using _ = chat;
  await online();
  await chat.send({ sessionId, content: "once" }, signal);
  const [first, second] = gateway.chats;
  expect(first?.clientMsgId).toBe(second?.clientMsgId);
  expect(first?.clientMsgId).toMatch(/^[0-9a-f]{32}$/);
  expect(gateway.messages).toHaveLength(1);
  await eventually(() => contents().length === 1);
});

test("a late Ack has a dead connection found out long before the next pulse", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.answersPulses = false;
  gateway.chatPolicy = () => (gateway.connects === 1 ? "lose" : "acknowledge");
  const { chat, online } = openRecorded(gateway, { timing: { pulseEveryMs: 60_000 } });
  await using _ = chat;
  await online();

  await chat.send({ sessionId, content: "hello" }, signal);

  expect(gateway.connects).toBe(2);
});

test("messages that are resent keep their order", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.chatPolicy = () => (gateway.chats.length === 1 ? "lose" : "acknowledge");
  const { chat, online } = openRecorded(gateway);
  await using _ = chat;
  await online();
  await Promise.all(["a", "b", "c"].map((content) => chat.send({ sessionId, content }, signal)));
  expect(gateway.messages.map(({ content }) => content)).toEqual(["a", "b", "c"]);
});

test("a message sent while the connection is down is delivered after the reconnect", async () => {
  await using gateway = await new FakeGateway().listen();
  const { chat, seen, online } = openRecorded(gateway);
  await using _ = chat;
  await online();
  gateway.chatPolicy = () => {
    if (gateway.chats.length > 1) return "acknowledge";
    gateway.dropConnections();
    return "lose_ack";
  };
  await chat.send({ sessionId, content: "through" }, signal);
  expect(gateway.messages).toHaveLength(1);
  expect(seen.states).toContain("offline");
  expect(gateway.connects).toBe(2);
});

test("what was stored while the connection was down is delivered in order", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "ops-bot", "known");
  const { chat, seen, online, contents } = openRecorded(gateway);
  await using _ = chat;
  await online();
  for (let index = 0; index < 120; index++) gateway.store(sessionId, "ops-bot", `missed ${index}`);
  gateway.store("group:7", "bob", "in a session that is new");
  gateway.dropConnections();
  await eventually(() => seen.messages.length === 121);
  const missed = seen.messages.filter((message) => message.sessionId === sessionId);
  expect(missed.map(({ seqId }) => Number(seqId))).toEqual(missed.map((_, index) => index + 2));
  expect(contents()).toContain("in a session that is new");
});

test("a push behind a gap waits until the gap is filled from the history", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "ops-bot", "known");
  const { chat, online, contents } = openRecorded(gateway);
  await using _ = chat;
  await online();
  gateway.store(sessionId, "ops-bot", "lost push");
  gateway.push(gateway.store(sessionId, "ops-bot", "pushed"));
  await eventually(() => contents().length === 2);
  expect(contents()).toEqual(["lost push", "pushed"]);
});

test("pushes that come doubled and out of order are delivered once and in order", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "ops-bot", "known");
  const { chat, online, contents } = openRecorded(gateway, { timing: { gapWaitMs: 2_000 } });
  await using _ = chat;
  await online();
  const [a, b, c] = ["a", "b", "c"].map((text) => gateway.store(sessionId, "ops-bot", text));
  for (const message of [b, b, a, c, a]) if (message) gateway.push(message);
  await eventually(() => contents().length === 3);
  expect(contents()).toEqual(["a", "b", "c"]);
});

test("the bot's first sign of life brings a question that another device has asked", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "ops-bot", "known");
  const { chat, online, contents } = openRecorded(gateway);
  await using _ = chat;
  await online();
  gateway.progress(gateway.store(sessionId, "alice", "asked elsewhere"), "on it");
  await eventually(() => contents().length === 1);
  expect(contents()).toEqual(["asked elsewhere"]);
});

test("a sign of life brings its question also while a gap before it is being filled", async () => {
  await using gateway = await new FakeGateway().listen();
  for (const known of [sessionId, "other"]) gateway.store(known, "bob", "known");
  const { chat, online, contents } = openRecorded(gateway);
  await using _ = chat;
  await online();
  const gate = Promise.withResolvers<void>();
  gateway.historyGate = gate.promise;
  gateway.store(sessionId, "ops-bot", "lost push");
  gateway.push(gateway.store(sessionId, "ops-bot", "pushed"));
  await eventually(() => gateway.calls.includes("GetHistoryMessages"));
  const question = gateway.store(sessionId, "alice", "asked elsewhere");
  gateway.progress(question, "on it");
  await chat.send({ sessionId: "other", content: "behind it on the same connection" }, signal);

  gate.resolve();

  await eventually(() => contents().length === 4);
  expect(contents().slice(1)).toEqual(["lost push", "pushed", "asked elsewhere"]);
});

test("a push that is lost altogether is found after a silence", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "ops-bot", "known");
  const { chat, online, contents } = openRecorded(gateway, { timing: { silenceMs: 50 } });
  await using _ = chat;
  await online();
  gateway.store(sessionId, "ops-bot", "lost push");
  await eventually(() => contents().length === 1);
  expect(contents()).toEqual(["lost push"]);
});

test("a push that is lost altogether is found though another session is never silent", async () => {
  await using gateway = await new FakeGateway().listen();
  for (const known of [sessionId, "busy"]) gateway.store(known, "bob", "known");
  const timing = { silenceMs: 200, listEveryMs: 1_000 };
  const { chat, online, contents } = openRecorded(gateway, { timing });
  await using _ = chat;
  await online();
  gateway.store(sessionId, "ops-bot", "lost");
  await eventually(() => {
    gateway.push(gateway.store("busy", "bob", "chatter"));
    return contents().includes("lost");
  });
  expect(contents().filter((content) => content !== "chatter")).toEqual(["lost"]);
});

test("after a list that failed, what was missed is found while another session is never silent", async () => {
  await using gateway = await new FakeGateway().listen();
  for (const known of [sessionId, "busy"]) gateway.store(known, "bob", "known");
  const { chat, online, contents } = openRecorded(gateway, { timing: { silenceMs: 200 } });
  await using _ = chat;
  await online();
  gateway.failing.add("GetSessionList");
  const listsBefore = gateway.calls.length;
  gateway.store(sessionId, "ops-bot", "missed");
  chat.refresh();
  await eventually(() => gateway.calls.length > listsBefore);
  gateway.failing.clear();
  await eventually(() => {
    gateway.push(gateway.store("busy", "bob", "chatter"));
    return contents().includes("missed");
  });
  expect(contents().filter((content) => content !== "chatter")).toEqual(["missed"]);
});

test("what was missed is found as soon as the server says that something may be", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "ops-bot", "known");
  const { chat, online, contents } = openRecorded(gateway);
  await using _ = chat;
  await online();
  gateway.store(sessionId, "ops-bot", "missed");

  gateway.hint(missed);

  await eventually(() => expect(contents()).toEqual(["missed"]));
});

test("a new connection waits for no list that was asked for over a dead network", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "ops-bot", "known");
  const { chat, online, contents } = openRecorded(gateway, {
    timing: { requestTimeoutMs: 3_600_000 },
  });
  await using _ = chat;
  await online();
  const listsBefore = gateway.calls.length;
  gateway.listGate = new Promise(() => undefined);
  chat.refresh();
  await eventually(() => gateway.calls.length > listsBefore);
  gateway.listGate = Promise.resolve();
  gateway.store(sessionId, "ops-bot", "missed");

  gateway.dropConnections();

  await eventually(() => expect(contents()).toEqual(["missed"]));
});

test("a session of which too much was missed is to be reloaded", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "ops-bot", "known");
  const { chat, seen, online, contents } = openRecorded(gateway);
  await using _ = chat;
  await online();
  for (let index = 0; index < 301; index++) gateway.store(sessionId, "ops-bot", `missed ${index}`);
  gateway.push(gateway.store(sessionId, "ops-bot", "newest"));
  await eventually(() => contents().length === 1);
  expect(seen.reloads).toEqual([sessionId]);
  expect(contents()).toEqual(["newest"]);
});

test.each([
  ["a push", (gateway: FakeGateway) => gateway.push(gateway.store(sessionId, "bob", "anew"))],
  ["a list", (gateway: FakeGateway) => gateway.hint(missed)],
])(
  "%s tells that a restored server has lost messages, and what follows is delivered",
  async (_, tell) => {
    await using gateway = await new FakeGateway().listen();
    gateway.store(sessionId, "bob", "known");
    const { chat, seen, online, contents } = openRecorded(gateway);
    await using _chat = chat;
    await online();
    for (const text of ["a", "b", "c"]) gateway.push(gateway.store(sessionId, "bob", text));
    await eventually(() => contents().length === 3);
    gateway.goBack(sessionId, 2n);

    tell(gateway);

    await eventually(() => expect(seen.resets).toEqual([sessionId]));
    gateway.push(gateway.store(sessionId, "bob", "next"));
    await eventually(() => expect(contents().at(-1)).toBe("next"));
    const stored = gateway.messages.map(({ content }) => content);
    expect(contents()).toEqual(["a", "b", "c", ...stored.slice(2)]);
  },
);

test("an own message is there though a restored server gives it the place of a lost one", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "bob", "known");
  const { chat, seen, online, contents } = openRecorded(gateway);
  await using _ = chat;
  await online();
  gateway.push(gateway.store(sessionId, "bob", "lost"));
  await eventually(() => contents().length === 1);
  gateway.goBack(sessionId, 1n);

  await chat.send({ sessionId, content: "own" }, signal);

  expect(seen.resets).toEqual([sessionId]);
  expect(contents()).toEqual(["lost", "own"]);
});

test("what is still being fetched when a restored server is found out is not delivered", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "bob", "known");
  const { chat, online, contents } = openRecorded(gateway);
  await using _ = chat;
  await online();
  gateway.push(gateway.store(sessionId, "bob", "a"));
  const gate = Promise.withResolvers<void>();
  gateway.historyGate = gate.promise;
  gateway.store(sessionId, "bob", "lost push");
  gateway.push(gateway.store(sessionId, "bob", "behind a gap"));
  await eventually(() => gateway.calls.includes("GetHistoryMessages"));
  gateway.goBack(sessionId, 1n);
  gateway.push(gateway.store(sessionId, "bob", "anew"));
  await eventually(() => contents().at(-1) === "anew");

  gate.resolve();
  await chat.send({ sessionId, content: "own" }, signal);

  expect(contents()).toEqual(["a", "anew", "own"]);
});

test("a list from before the last pushes does not pass for a server that has lost them", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "bob", "known");
  const { chat, seen, online, contents } = openRecorded(gateway);
  await using _ = chat;
  await online();
  const listsBefore = seen.lists;
  const gate = Promise.withResolvers<void>();
  gateway.listGate = gate.promise;
  const callsBefore = gateway.calls.length;
  chat.refresh();
  await eventually(() => gateway.calls.length > callsBefore);
  gateway.push(gateway.store(sessionId, "bob", "later"));
  await eventually(() => contents().length === 1);

  gate.resolve();

  await eventually(() => seen.lists > listsBefore);
  expect(seen.resets).toEqual([]);
});

test("a list without last messages, as of a Go Logic, does not pass for one either", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.listsBlank = true;
  gateway.store(sessionId, "bob", "known");
  const { chat, seen, online, contents } = openRecorded(gateway);
  await using _ = chat;
  await online();
  gateway.push(gateway.store(sessionId, "bob", "later"));
  await eventually(() => contents().includes("later"));
  const listsBefore = seen.lists;

  chat.refresh();

  await eventually(() => seen.lists > listsBefore);
  expect(seen.resets).toEqual([]);
});

test("a refusal rejects the send with its reason and the next message goes out", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.chatPolicy = ({ content }) =>
    content === "" ? { error: "message is empty", reason: "message_empty" } : "acknowledge";
  const { chat } = openRecorded(gateway);
  await using _ = chat;
  const refused = chat.send({ sessionId, content: "" }, signal);
  const next = chat.send({ sessionId, content: "next" }, signal);
  await expect(refused).rejects.toMatchObject({ reason: "message_empty" });
  expect((await next).seqId).toBe(1n);
});

test("a busy server is asked again until it takes the message", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.chatPolicy = () =>
    gateway.chats.length < 3 ? { error: "busy", reason: "unavailable" } : "acknowledge";
  const { chat } = openRecorded(gateway);
  await using _ = chat;
  await chat.send({ sessionId, content: "patient" }, signal);
  expect(gateway.chats).toHaveLength(3);
  expect(gateway.messages).toHaveLength(1);
});

test("a message that is never acknowledged fails when its time is over", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.chatPolicy = () => "lose";
  const { chat, online } = openRecorded(gateway, { timing: { sendWithinMs: 150 } });
  await using _ = chat;
  await online();
  const send = chat.send({ sessionId, content: "lost" }, signal);
  await expect(send).rejects.toMatchObject({ reason: "timed_out", retryable: true });
});

test("sending again what failed under its client id stores it once", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.chatPolicy = () => "lose_ack";
  const { chat, online } = openRecorded(gateway, { timing: { sendWithinMs: 150 } });
  await using _ = chat;
  await online();
  const request = { sessionId, content: "again", clientMsgId: "c1" };
  await expect(chat.send(request, signal)).rejects.toMatchObject({ reason: "timed_out" });
  gateway.chatPolicy = () => "acknowledge";
  expect((await chat.send(request, signal)).seqId).toBe(1n);
  expect(gateway.messages).toHaveLength(1);
});

test("a frame that the gateway would refuse is not sent", async () => {
  await using gateway = await new FakeGateway().listen();
  const { chat, online } = openRecorded(gateway);
  await using _ = chat;
  await online();
  const send = chat.send({ sessionId, content: "x".repeat(140_000) }, signal);
  await expect(send).rejects.toMatchObject({ reason: "message_too_long", limit: 65_000 });
  expect(gateway.chats).toEqual([]);
});

test("a connection that answers no pulse is replaced", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.answersPulses = false;
  const { chat } = openRecorded(gateway);
  await using _ = chat;
  await eventually(() => gateway.connects >= 2);
  expect(gateway.pulses).toBeGreaterThan(0);
});

test("a quiet connection that answers its pulses is kept", async () => {
  await using gateway = await new FakeGateway().listen();
  const { chat } = openRecorded(gateway);
  await using _ = chat;
  await eventually(() => gateway.pulses >= 4);
  expect(gateway.connects).toBe(1);
});

test("a refused token ends the chat and fails what is under way", async () => {
  await using gateway = await new FakeGateway().listen();
  const { chat, seen, online } = openRecorded(gateway);
  await using _ = chat;
  await online();
  gateway.chatPolicy = () => "lose";
  const send = chat.send({ sessionId, content: "too late" }, signal);
  gateway.acceptsToken = false;
  gateway.dropConnections();
  await expect(send).rejects.toMatchObject({ reason: "not_signed_in" });
  expect(seen.signedOut).toEqual(["not_signed_in"]);
  expect(seen.states.at(-1)).toBe("offline");
});

test("closing fails what is under way, stops reconnecting, and may be done twice", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.chatPolicy = () => "lose";
  const { chat, online } = openRecorded(gateway);
  await online();
  const send = chat.send({ sessionId, content: "unfinished" }, signal);
  await Promise.all([expect(send).rejects.toMatchObject({ reason: "cancelled" }), chat.close()]);
  await chat.close();
  await expect(chat.send({ sessionId, content: "x" }, signal)).rejects.toThrow("closed");
  expect(gateway.connects).toBe(1);
});

test("an aborted send is not sent again", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.chatPolicy = () => "lose";
  const { chat, online } = openRecorded(gateway);
  await using _ = chat;
  await online();
  const giveUp = new AbortController();
  const send = chat.send({ sessionId, content: "never mind" }, giveUp.signal);
  await eventually(() => gateway.chats.length === 1);
  giveUp.abort();
  await expect(send).rejects.toMatchObject({ reason: "cancelled" });
  gateway.chatPolicy = () => "acknowledge";
  await chat.send({ sessionId, content: "next" }, signal);
  expect(gateway.messages.map(({ content }) => content)).toEqual(["next"]);
});

test("who writes and who comes is told, and the own writing is passed on", async () => {
  await using gateway = await new FakeGateway().listen();
  const told: unknown[] = [];
  const { chat, online } = openRecorded(gateway, {
    onTyping: ({ sessionId: id, fromUsername }) => told.push([id, fromUsername]),
    onPresence: ({ username, online: isOnline }) => told.push([username, isOnline]),
  });
  await using _ = chat;
  await online();

  chat.reportTyping(sessionId);
  const typing = create(TypingSchema, { sessionId, fromUsername: "bob" });
  gateway.hint({ case: "typing", value: typing });
  gateway.hint({
    case: "presence",
    value: create(PresenceSchema, { username: "bob", online: true }),
  });

  await eventually(() => expect(gateway.typings).toEqual([sessionId]));
  await eventually(() =>
    expect(told).toEqual([
      [sessionId, "bob"],
      ["bob", true],
    ]),
  );
});
