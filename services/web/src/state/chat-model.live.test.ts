import { FakeGateway } from "@resonance/client/fake-gateway";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { ChatModel } from "./chat-model.ts";
import { type History, historyOf } from "./chat-state.ts";

const sessionId = "single:alice:ops-bot";

/** The model of alice, closed with the returned stack. */
async function openModel(gateway: FakeGateway) {
  const stack = new AsyncDisposableStack();
  const ended: string[] = [];
  const model = new ChatModel({
    baseUrl: gateway.url,
    username: "alice",
    tokens: FakeGateway.token,
    onSignedOut: () => ended.push("signed out"),
  });
  stack.defer(() => model.close());
  await eventually(() => model.getState().connection === "online" && model.getState().listed);
  const history = (): History => historyOf(model.getState(), sessionId);
  const contents = () => history().timeline.messages.map(({ content }) => content);
  return { stack, model, history, contents, ended };
}

test("an own message is on screen at once, and once when it is stored", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "ops-bot", "welcome");
  const { stack, model, history, contents } = await openModel(gateway);
  await using _ = stack;
  model.openSession(sessionId);
  await eventually(() => history().loaded);
  model.send(sessionId, "hello");
  expect(history().timeline.pending).toMatchObject([{ content: "hello", state: "sending" }]);
  await eventually(() => contents().includes("hello"));
  expect(history().timeline.pending).toEqual([]);
});

test("a refused message stays with its reason, and can be sent again under its id", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.chatPolicy = () => ({ error: "no", reason: "not_a_member" });
  const { stack, model, history, contents } = await openModel(gateway);
  await using _ = stack;
  model.openSession(sessionId);
  model.send(sessionId, "hello");
  const [failed] = await eventually(() => {
    const { pending } = history().timeline;
    return pending[0]?.state === "failed" && pending;
  });
  expect(failed?.error?.reason).toBe("not_a_member");
  gateway.chatPolicy = () => "acknowledge";
  model.sendAgain(sessionId, failed?.clientMsgId ?? "");
  await eventually(() => contents().includes("hello"));
  expect(gateway.chats.map((chat) => chat.clientMsgId)).toEqual([
    failed?.clientMsgId,
    failed?.clientMsgId,
  ]);
});

test("a discarded message is gone", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.chatPolicy = () => ({ error: "no", reason: "not_a_member" });
  const { stack, model, history } = await openModel(gateway);
  await using _ = stack;
  model.send(sessionId, "hello");
  const { pending } = history().timeline;
  await eventually(() => history().timeline.pending[0]?.state === "failed");
  model.discard(sessionId, pending[0]?.clientMsgId ?? "");
  expect(history().timeline.pending).toEqual([]);
});

test("older pages join the newest one down to the first message", async () => {
  await using gateway = await new FakeGateway().listen();
  for (let index = 1; index <= 120; index++) gateway.store(sessionId, "ops-bot", `${index}`);
  const { stack, model, history, contents } = await openModel(gateway);
  await using _ = stack;
  model.openSession(sessionId);
  await eventually(() => history().loaded);
  expect(contents()).toHaveLength(50);
  for (const count of [100, 120]) {
    model.loadOlder(sessionId);
    await eventually(() => contents().length === count);
  }
  expect(contents()).toEqual(Array.from({ length: 120 }, (_, index) => `${index + 1}`));
  expect(history().timeline.reachesStart).toBe(true);
});

test("when too much is missed while an older page loads, no gap stays on screen", async () => {
  await using gateway = await new FakeGateway().listen();
  for (let index = 1; index <= 120; index++) gateway.store(sessionId, "ops-bot", `${index}`);
  const { stack, model, history, contents } = await openModel(gateway);
  await using _ = stack;
  model.openSession(sessionId);
  await eventually(() => history().loaded);
  const gate = Promise.withResolvers<void>();
  gateway.historyGate = gate.promise;
  model.loadOlder(sessionId);
  for (let index = 121; index < 520; index++) gateway.store(sessionId, "ops-bot", `${index}`);
  gateway.push(gateway.store(sessionId, "ops-bot", "520"));
  await eventually(() => contents().at(-1) === "520");

  gate.resolve();

  const newestPage = Array.from({ length: 50 }, (_, index) => `${471 + index}`);
  await eventually(() => expect(contents()).toEqual(newestPage));
});

test("what a restored server has lost leaves the screen, and what it stores instead is shown", async () => {
  await using gateway = await new FakeGateway().listen();
  for (const text of ["1", "2", "3"]) gateway.store(sessionId, "ops-bot", text);
  const { stack, model, history, contents } = await openModel(gateway);
  await using _ = stack;
  model.openSession(sessionId);
  await eventually(() => history().loaded);
  gateway.push(gateway.store(sessionId, "ops-bot", "lost"));
  await eventually(() => expect(contents().at(-1)).toBe("lost"));
  gateway.goBack(sessionId, 2n);
  gateway.store(sessionId, "ops-bot", "3 anew");

  gateway.push(gateway.store(sessionId, "ops-bot", "4 anew"));

  await eventually(() => expect(contents()).toEqual(["1", "2", "3 anew", "4 anew"]));
  const session = model.getState().sessions.get(sessionId);
  expect(session?.lastMessage?.content).toBe("4 anew");
});

test("a session that could not be loaded is, once the server is back", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "ops-bot", "welcome");
  const { stack, model, history, contents } = await openModel(gateway);
  await using _ = stack;
  gateway.failing.add("GetHistoryMessages");
  model.openSession(sessionId);
  await eventually(() => history().error?.reason === "internal");

  gateway.failing.clear();
  gateway.dropConnections();

  await eventually(() => contents().includes("welcome"));
  expect(history().error).toBeUndefined();
});

test("a session on screen is read, one in the background of the page is not", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "ops-bot", "welcome");
  const { stack, model } = await openModel(gateway);
  await using _ = stack;
  const unread = () => model.getState().sessions.get(sessionId)?.unread;
  expect(unread()).toBe(1);
  model.openSession(sessionId);
  await eventually(() => gateway.readPositions.get(sessionId) === 1n);
  model.setVisible(false);
  gateway.push(gateway.store(sessionId, "ops-bot", "while away"));
  await eventually(() => unread() === 1);
  expect(gateway.readPositions.get(sessionId)).toBe(1n);
  model.setVisible(true);
  await eventually(() => gateway.readPositions.get(sessionId) === 2n);
  expect(unread()).toBe(0);
});

test("a token that is no longer accepted ends the sign-in", async () => {
  await using gateway = await new FakeGateway().listen();
  const { stack, model, ended } = await openModel(gateway);
  await using _ = stack;
  gateway.acceptsToken = false;
  model.openSession(sessionId);
  await eventually(() => ended.length > 0);
});

test("closing while a report is under way and more is unread ends everything", async () => {
  await using gateway = await new FakeGateway().listen();
  gateway.store(sessionId, "ops-bot", "welcome");
  const { stack, model, history } = await openModel(gateway);
  await using _ = stack;
  const gate = Promise.withResolvers<void>();
  gateway.readReportGate = gate.promise;
  model.openSession(sessionId);
  await eventually(() => gateway.readPositions.has(sessionId));
  gateway.push(gateway.store(sessionId, "ops-bot", "one more"));
  await eventually(() => history().timeline.messages.length === 2);

  await model.close();

  // Reports that follow each other for ever would keep the event loop from coming here.
  await new Promise((resolve) => setImmediate(resolve));
  gate.resolve();
  expect(gateway.readPositions.get(sessionId)).toBe(1n);
});
