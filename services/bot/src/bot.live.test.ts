import { setTimeout as delay } from "node:timers/promises";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type Bus, openBus } from "@resonance/bus";
import { type Database, openDatabase } from "@resonance/db";
import { ChatError, createLogger } from "@resonance/kit";
import { migrate } from "@resonance/migrations";
import {
  BotEventSchema,
  type ProgressEvent,
  ProgressEventSchema,
  topicOf,
} from "@resonance/mq-proto";
import type { PushMessageSchema } from "@resonance/mq-proto/gateway";
import {
  ChatService,
  DeadLetterService,
  type SendMessageRequest,
  SessionService,
  StatsService,
} from "@resonance/mq-proto/logic";
import { implement, openRpcServer } from "@resonance/rpc";
import { makeTestServiceKeys } from "@resonance/rpc/testing";
import { eventually, freePort, type Server } from "@resonance/testkit";
import { openTestDatabase, openTestNats } from "@resonance/testkit/vitest";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { BrainPort } from "./brain/model-port.ts";
import type { Question } from "./question.ts";
import { start } from "./start.ts";

const log = createLogger("test", "silent");

type Said = MessageInitShape<typeof PushMessageSchema>;

const shared = new AsyncDisposableStack();
let db: Database;
let stack: AsyncDisposableStack;
let mysqlUrl: string;
/** What people have said, as Logic has stored it. */
let said: Said[];
let nats: Server;
let bus: Bus;
let logicPort: number;

beforeAll(async () => {
  const database = shared.use(await openTestDatabase());
  await migrate({ url: database.url, signal: AbortSignal.timeout(60_000) });
  mysqlUrl = database.url;
  db = shared.use(openDatabase(mysqlUrl));
});
afterAll(() => shared.disposeAsync());
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  said = [];
  for (const table of ["t_bot_run", "t_bot_step", "t_bot_context"]) {
    await db.execute(`DELETE FROM ${table}`);
  }
  nats = stack.use(await openTestNats());
  bus = stack.use(openBus({ url: nats.url, name: "test", log }));
  await bus.ready();
  logicPort = await freePort();
});
afterEach(() => stack.disposeAsync());

const absent = () => Promise.reject(new ChatError("not_found", "the bot does not call this"));
const notHere = {
  getSessionList: absent,
  createSession: absent,
  getRecentMessages: absent,
  pullInboxDelta: absent,
  getContactList: absent,
  searchUser: absent,
  updateReadPosition: absent,
};

/** Logic as the bot sees it: stores each client id once, and keeps every request it was sent. */
class FakeLogic {
  readonly requests: SendMessageRequest[] = [];
  readonly stored = new Map<string, SendMessageRequest>();
  readonly deadLetters: string[] = [];
  counted: { fromMs: bigint; untilMs: bigint } | undefined;
  /** What it answers instead of storing. */
  refuse: string | undefined;

  async open(): Promise<AsyncDisposable> {
    return await openRpcServer({
      listen: { host: "127.0.0.1", port: logicPort },
      callers: "anybody",
      log,
      services: [
        implement(ChatService, { sendMessage: async (request) => this.#send(request) }),
        implement(SessionService, {
          ...notHere,
          getHistoryMessages: async ({ sessionId, beforeSeq, limit }) => ({
            messages: said
              .filter((message) => message.sessionId === sessionId)
              .filter(({ seqId }) => beforeSeq === 0n || (seqId ?? 0n) < beforeSeq)
              .slice(-Number(limit)),
          }),
        }),
        implement(DeadLetterService, {
          recordDeadLetter: async ({ topic, payload }) => {
            this.deadLetters.push(`${topic} ${Buffer.from(payload).toString("hex")}`);
            return { id: 1n };
          },
        }),
        implement(StatsService, {
          countMessages: async ({ fromMs, untilMs }) => {
            this.counted = { fromMs, untilMs };
            return { total: 42n, fromPeople: 30n, fromBots: 11n, fromSystem: 1n };
          },
          getSystemStatus: async () => ({ unknown: [] }),
        }),
      ],
    });
  }

  answersTo(msgId: bigint): SendMessageRequest[] {
    return this.requests.filter(({ clientMsgId }) => clientMsgId === `answer:${msgId}`);
  }

  #send(request: SendMessageRequest) {
    this.requests.push(request);
    if (this.refuse !== undefined) return { error: "no", errorReason: this.refuse };
    const before = this.stored.get(request.clientMsgId);
    if (before && before.content !== request.content) {
      return { error: "used for another message", errorReason: "client_msg_id_conflict" };
    }
    this.stored.set(request.clientMsgId, request);
    return { msgId: 1n, seqId: 1n };
  }
}

async function openLogic(): Promise<FakeLogic> {
  const logic = new FakeLogic();
  stack.use(await logic.open());
  return logic;
}

async function openBot(brain?: BrainPort, environment: Record<string, string> = {}) {
  const bot = await start(
    {
      environment: {
        RESONANCE_LOGIC_ADDRESS: `127.0.0.1:${logicPort}`,
        ...makeTestServiceKeys().settingsOf("bot"),
        RESONANCE_MYSQL_URL: mysqlUrl,
        RESONANCE_NATS_URL: nats.url,
        ...environment,
      },
      log,
      signal: new AbortController().signal,
    },
    brain ? { brain } : {},
  );
  stack.use(bot);
  return bot;
}

let counter = 0n;

async function ask(
  content: string,
  fields: MessageInitShape<typeof BotEventSchema> = {},
  publishId?: string,
): Promise<bigint> {
  const msgId = fields.msgId ?? (BigInt(Date.now()) << 22n) + counter++;
  const seqId = fields.seqId ?? BigInt(said.length + 1);
  const {
    sessionId = "single:alice:ops-bot",
    fromUsername = "alice",
    messageType = "text",
  } = fields;
  if (!said.some((message) => message.msgId === msgId)) {
    said.push({ msgId, seqId, sessionId, fromUsername, content, type: messageType });
  }
  const event = create(BotEventSchema, {
    msgId,
    seqId,
    sessionId: "single:alice:ops-bot",
    fromUsername: "alice",
    botUsername: "ops-bot",
    messageType: "text",
    content,
    ...fields,
  });
  const payload = toBinary(BotEventSchema, event);
  await bus.publishStored(topicOf(BotEventSchema), payload, publishId ?? `bot:${msgId}`);
  return msgId;
}

/** A brain that does what the test says. */
function brainOf(think: (question: Question, signal: AbortSignal) => Promise<string>): BrainPort {
  return {
    name: "openai-compatible",
    model: "scripted",
    reach: "local",
    next: async ({ question }, signal) => ({
      text: await think(question, signal),
      toolCalls: [],
      finish: "answer",
      usage: { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 },
    }),
  };
}

test("a question gets exactly one answer, under the client id that names it", async () => {
  const logic = await openLogic();
  await openBot();
  const msgId = await ask("/help");
  await eventually(() => expect(logic.answersTo(msgId)).toHaveLength(1));
  expect(logic.answersTo(msgId)[0]).toMatchObject({
    sessionId: "single:alice:ops-bot",
    fromUsername: "ops-bot",
    type: "text",
    content: expect.stringContaining("/logs gateway"),
  });
});

test("a count of messages reaches up to the question and includes it", async () => {
  const logic = await openLogic();
  await openBot();
  const storedMs = 1769340643000n;
  await ask("how many messages were sent in the last 5 minutes", { msgId: (storedMs << 22n) + 5n });
  await eventually(() => expect(logic.requests[0]?.content).toMatch(/^\*\*42\*\* message/));
  expect(logic.counted).toEqual({ fromMs: storedMs + 1n - 300_000n, untilMs: storedMs + 1n });
});

test("a question that was asked while the bot was away is answered", async () => {
  const logic = await openLogic();
  const msgId = await ask("/help");
  await openBot();
  await eventually(() => expect(logic.answersTo(msgId)).toHaveLength(1));
});

test("the same event again is not thought about again", async () => {
  const logic = await openLogic();
  let thoughts = 0;
  await openBot(brainOf(async () => `thought ${++thoughts}`));
  const msgId = await ask("once", {}, "first");
  await ask("once", { msgId }, "second");
  const last = await ask("done");
  await eventually(() => expect(logic.answersTo(last)).toHaveLength(1));
  expect(logic.answersTo(msgId)).toHaveLength(1);
});

test("an event that another bot has answered in other words ends as answered", async () => {
  const logic = await openLogic();
  let thoughts = 0;
  const brain = brainOf(async () => `thought ${++thoughts}`);
  const first = await openBot(brain);
  const msgId = await ask("twice", {}, "first");
  await eventually(() => expect(logic.stored.size).toBe(1));
  await first[Symbol.asyncDispose]();
  await openBot(brain);
  await ask("twice", { msgId }, "second");
  const last = await ask("next");
  await eventually(() => expect(logic.stored.has(`answer:${last}`)).toBe(true));
  expect(logic.stored.get(`answer:${msgId}`)?.content).toBe("thought 1");
});

test("a question is answered when Logic comes back", async () => {
  await openBot();
  const msgId = await ask("/help");
  const logic = new FakeLogic();
  logic.refuse = "unavailable";
  stack.use(await logic.open());
  await eventually(() => expect(logic.requests.length).toBeGreaterThan(1), { timeoutMs: 10_000 });
  logic.refuse = undefined;
  await eventually(() => expect(logic.stored.has(`answer:${msgId}`)).toBe(true), {
    timeoutMs: 10_000,
  });
});

test("poison is set aside, and blocks nothing like malformed events", async () => {
  const logic = await openLogic();
  await openBot();
  await bus.publishStored(topicOf(BotEventSchema), Buffer.from([0xff, 0xff, 0xff]), "poison");
  await ask("no id", { msgId: 0n });
  const msgId = await ask("/help");
  await eventually(() => expect(logic.answersTo(msgId)).toHaveLength(1));
  expect(logic.requests).toHaveLength(1);
  expect(logic.deadLetters).toEqual(["resonance.bot.event.v1 ffffff"]);
});

test("the bot's own words and the system's are not answered", async () => {
  const logic = await openLogic();
  await openBot();
  await ask("/help", { fromUsername: "ops-bot" });
  await ask("/help", { fromUsername: "system" });
  await ask("/help", { messageType: "system" });
  const msgId = await ask("/help");
  await eventually(() => expect(logic.answersTo(msgId)).toHaveLength(1));
  expect(logic.requests).toHaveLength(1);
});

test("an answer that Logic refuses for good is not sent for ever", async () => {
  const logic = await openLogic();
  await openBot();
  logic.refuse = "not_a_member";
  const refused = await ask("/help");
  await eventually(() => expect(logic.answersTo(refused)).toHaveLength(1));
  logic.refuse = undefined;
  const msgId = await ask("/help");
  await eventually(() => expect(logic.stored.has(`answer:${msgId}`)).toBe(true));
  expect(logic.answersTo(refused)).toHaveLength(1);
});

test("a brain that fails is told in plain words with an id, never with its error", async () => {
  const logic = await openLogic();
  await openBot(brainOf(() => Promise.reject(new Error("ECONNREFUSED 10.0.0.1 secret"))));
  await ask("看看日志");
  await eventually(() => expect(logic.requests).toHaveLength(1));
  const content = logic.requests[0]?.content ?? "";
  expect(content).toMatch(/^抱歉.*编号 [0-9a-f]{8}/);
  expect(content).not.toContain("ECONNREFUSED");
});

test("a brain that never ends is left at the deadline, and the next question answered", async () => {
  const logic = await openLogic();
  const brain = brainOf(({ text }) =>
    text === "hang" ? new Promise(() => undefined) : Promise.resolve("ok"),
  );
  await openBot(brain, { RESONANCE_BOT_DEADLINE_MS: "1000" });
  const hanging = await ask("hang");
  const next = await ask("next");
  await eventually(() => expect(logic.stored.size).toBe(2), { timeoutMs: 10_000 });
  expect(logic.stored.get(`answer:${hanging}`)?.content).toContain("within 1 s");
  expect(logic.stored.get(`answer:${next}`)?.content).toBe("ok");
});

test("one session is answered in order, another does not wait for it", async () => {
  const logic = await openLogic();
  const release = Promise.withResolvers<void>();
  await openBot(
    brainOf(async ({ text }) => {
      if (text === "slow") await release.promise;
      return text;
    }),
  );
  await ask("slow");
  await ask("after slow");
  await ask("elsewhere", { sessionId: "single:bob:ops-bot", fromUsername: "bob" });
  await eventually(() =>
    expect(logic.requests.map(({ content }) => content)).toEqual(["elsewhere"]),
  );
  release.resolve();
  await eventually(() =>
    expect(logic.requests.map(({ content }) => content)).toEqual([
      "elsewhere",
      "slow",
      "after slow",
    ]),
  );
});

test("a bot that stops while it thinks leaves the question to the next one", async () => {
  const logic = await openLogic();
  const thinking = Promise.withResolvers<void>();
  const bot = await openBot(
    brainOf(async (_question, signal) => {
      thinking.resolve();
      await delay(60_000, undefined, { signal });
      return "too late";
    }),
  );
  const msgId = await ask("question");
  await thinking.promise;
  await bot[Symbol.asyncDispose]();
  expect(logic.requests).toEqual([]);
  await openBot(brainOf(async () => "the next one's answer"));
  await eventually(
    () => expect(logic.stored.get(`answer:${msgId}`)?.content).toBe("the next one's answer"),
    { timeoutMs: 10_000 },
  );
});

test("the asker sees that the bot is on it, and what it does", async () => {
  await openLogic();
  const reports: ProgressEvent[] = [];
  using _subscription = bus.subscribe(topicOf(ProgressEventSchema), (payload) => {
    reports.push(fromBinary(ProgressEventSchema, payload));
  });
  await (await bus.connected()).flush();
  await openBot();
  const msgId = await ask("帮我查看 Gateway 的日志", { seqId: 7n });
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
  const logic = await openLogic();
  await openBot();
  await ask("show gateway logs");
  await eventually(() => expect(logic.requests[0]?.content).toContain("RESONANCE_STACK_FILE"));
});

test("a bad configuration names every bad value", async () => {
  const context = { environment: {}, log, signal: new AbortController().signal };
  await expect(start(context)).rejects.toThrow(
    /RESONANCE_LOGIC_ADDRESS[\s\S]*RESONANCE_NATS_URL|RESONANCE_NATS_URL[\s\S]*RESONANCE_LOGIC_ADDRESS/,
  );
});
