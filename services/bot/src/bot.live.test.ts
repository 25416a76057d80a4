import { setTimeout as delay } from "node:timers/promises";
import { BotEventSchema, topicOf } from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { start } from "./start.ts";
import { BotGround, brainOf, log } from "./testing/bot-ground.ts";

let ground: BotGround;

beforeAll(async () => {
  ground = await BotGround.open();
});
beforeEach(() => ground.reset());
afterAll(() => ground[Symbol.asyncDispose]());

test("a question gets exactly one answer, under the client id that names it", async () => {
  const logic = await ground.openLogic();
  await ground.openBot();
  const msgId = await ground.ask("/help");
  await eventually(() => expect(logic.answersTo(msgId)).toHaveLength(1));
  expect(logic.answersTo(msgId)[0]).toMatchObject({
    sessionId: "single:alice:ops-bot",
    fromUsername: "ops-bot",
    type: "text",
    content: expect.stringContaining("/logs gateway"),
  });
});

test("a count of messages reaches up to the question and includes it", async () => {
  const logic = await ground.openLogic();
  await ground.openBot();
  const storedMs = 1769340643000n;
  await ground.ask("how many messages were sent in the last 5 minutes", {
    msgId: (storedMs << 22n) + 5n,
  });
  await eventually(() => expect(logic.requests[0]?.content).toMatch(/^\*\*42\*\* message/));
  expect(logic.counted).toEqual({ fromMs: storedMs + 1n - 300_000n, untilMs: storedMs + 1n });
});

test("a question that was asked while the bot was away is answered", async () => {
  const logic = await ground.openLogic();
  const msgId = await ground.ask("/help");
  await ground.openBot();
  await eventually(() => expect(logic.answersTo(msgId)).toHaveLength(1));
});

test("the same event again is not thought about again", async () => {
  const logic = await ground.openLogic();
  let thoughts = 0;
  await ground.openBot(brainOf(async () => `thought ${++thoughts}`));
  const msgId = await ground.ask("once", {}, "first");
  await ground.ask("once", { msgId }, "second");
  const last = await ground.ask("done");
  await eventually(() => expect(logic.answersTo(last)).toHaveLength(1));
  expect(logic.answersTo(msgId)).toHaveLength(1);
});

test("an event that another bot has answered in other words ends as answered", async () => {
  const logic = await ground.openLogic();
  let thoughts = 0;
  const brain = brainOf(async () => `thought ${++thoughts}`);
  const first = await ground.openBot(brain);
  const msgId = await ground.ask("twice", {}, "first");
  await eventually(() => expect(logic.stored.size).toBe(1));
  await first[Symbol.asyncDispose]();
  await ground.openBot(brain);
  await ground.ask("twice", { msgId }, "second");
  const last = await ground.ask("next");
  await eventually(() => expect(logic.stored.has(`answer:${last}`)).toBe(true));
  expect(logic.stored.get(`answer:${msgId}`)?.content).toBe("thought 1");
});

test("a question is answered when Logic comes back", async () => {
  await ground.openBot();
  const msgId = await ground.ask("/help");
  const logic = ground.newLogic();
  logic.refuse = "unavailable";
  await ground.openLogic(logic);
  await eventually(() => expect(logic.requests.length).toBeGreaterThan(1), { timeoutMs: 10_000 });
  logic.refuse = undefined;
  await eventually(() => expect(logic.stored.has(`answer:${msgId}`)).toBe(true), {
    timeoutMs: 10_000,
  });
});

test("poison is set aside, and blocks nothing like malformed events", async () => {
  const logic = await ground.openLogic();
  await ground.openBot();
  await ground.bus.publishStored(
    topicOf(BotEventSchema),
    Buffer.from([0xff, 0xff, 0xff]),
    "poison",
  );
  await ground.ask("no id", { msgId: 0n });
  const msgId = await ground.ask("/help");
  await eventually(() => expect(logic.answersTo(msgId)).toHaveLength(1));
  expect(logic.requests).toHaveLength(1);
  expect(logic.deadLetters).toEqual(["resonance.bot.event.v1 ffffff"]);
});

test("the bot's own words and the system's are not answered", async () => {
  const logic = await ground.openLogic();
  await ground.openBot();
  await ground.ask("/help", { fromUsername: "ops-bot" });
  await ground.ask("/help", { fromUsername: "system" });
  await ground.ask("/help", { messageType: "system" });
  const msgId = await ground.ask("/help");
  await eventually(() => expect(logic.answersTo(msgId)).toHaveLength(1));
  expect(logic.requests).toHaveLength(1);
});

test("an answer that Logic refuses for good is not sent for ever", async () => {
  const logic = await ground.openLogic();
  await ground.openBot();
  logic.refuse = "not_a_member";
  const refused = await ground.ask("/help");
  await eventually(() => expect(logic.answersTo(refused)).toHaveLength(1));
  logic.refuse = undefined;
  const msgId = await ground.ask("/help");
  await eventually(() => expect(logic.stored.has(`answer:${msgId}`)).toBe(true));
  expect(logic.answersTo(refused)).toHaveLength(1);
});

test("a brain that fails is told in plain words with an id, never with its error", async () => {
  const logic = await ground.openLogic();
  await ground.openBot(brainOf(() => Promise.reject(new Error("ECONNREFUSED 10.0.0.1 secret"))));
  await ground.ask("看看日志");
  await eventually(() => expect(logic.requests).toHaveLength(1));
  const content = logic.requests[0]?.content ?? "";
  expect(content).toMatch(/^抱歉.*编号 [0-9a-f]{8}/);
  expect(content).not.toContain("ECONNREFUSED");
});

test("a brain that never ends is left at the deadline, and the next question answered", async () => {
  const logic = await ground.openLogic();
  const brain = brainOf(({ text }) =>
    text === "hang" ? new Promise(() => undefined) : Promise.resolve("ok"),
  );
  await ground.openBot(brain, { RESONANCE_BOT_DEADLINE_MS: "1000" });
  const hanging = await ground.ask("hang");
  const next = await ground.ask("next");
  await eventually(() => expect(logic.stored.size).toBe(2), { timeoutMs: 10_000 });
  expect(logic.stored.get(`answer:${hanging}`)?.content).toContain("within 1 s");
  expect(logic.stored.get(`answer:${next}`)?.content).toBe("> next\n\nok");
});

test("one session is answered in order, another does not wait for it", async () => {
  const logic = await ground.openLogic();
  const release = Promise.withResolvers<void>();
  await ground.openBot(
    brainOf(async ({ text }) => {
      if (text === "slow") await release.promise;
      return text;
    }),
  );
  await ground.ask("slow");
  await ground.ask("after slow");
  await ground.ask("elsewhere", { sessionId: "single:bob:ops-bot", fromUsername: "bob" });
  await eventually(() =>
    expect(logic.requests.map(({ content }) => content)).toEqual(["elsewhere"]),
  );
  release.resolve();
  await eventually(() =>
    expect(logic.requests.map(({ content }) => content)).toEqual([
      "elsewhere",
      "slow",
      "> after slow\n\nafter slow",
    ]),
  );
});

test("a bot that stops while it thinks leaves the question to the next one", async () => {
  const logic = await ground.openLogic();
  const thinking = Promise.withResolvers<void>();
  const bot = await ground.openBot(
    brainOf(async (_question, signal) => {
      thinking.resolve();
      await delay(60_000, undefined, { signal });
      return "too late";
    }),
  );
  const msgId = await ground.ask("question");
  await thinking.promise;
  await bot[Symbol.asyncDispose]();
  expect(logic.requests).toEqual([]);
  await ground.openBot(brainOf(async () => "the next one's answer"));
  await eventually(
    () => expect(logic.stored.get(`answer:${msgId}`)?.content).toBe("the next one's answer"),
    { timeoutMs: 10_000 },
  );
});

test("the asker sees that the bot is on it, and what it does", async () => {
  await ground.openLogic();
  const reports = await ground.watchProgress();
  await ground.openBot();
  const msgId = await ground.ask("帮我查看 Gateway 的日志", { seqId: 7n });
  await eventually(() =>
    expect(reports.map(({ text }) => text)).toEqual([
      "收到，正在处理",
      "正在读取 gateway 的日志（最近 1 小时）",
    ]),
  );
  expect(reports[0]).toMatchObject({
    sessionId: "single:alice:ops-bot",
    refMsgId: msgId,
    refSeqId: 7n,
    fromUsername: "ops-bot",
  });
});

test("without a stack to look at the answer says how to have one", async () => {
  const logic = await ground.openLogic();
  await ground.openBot();
  await ground.ask("show gateway logs");
  await eventually(() => expect(logic.requests[0]?.content).toContain("RESONANCE_STACK_FILE"));
});

test("a bad configuration names every bad value", async () => {
  const context = { environment: {}, log, signal: new AbortController().signal };
  await expect(start(context)).rejects.toThrow(
    /RESONANCE_LOGIC_ADDRESS[\s\S]*RESONANCE_NATS_URL|RESONANCE_NATS_URL[\s\S]*RESONANCE_LOGIC_ADDRESS/,
  );
});
