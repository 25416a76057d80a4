import { openDatabase } from "@resonance/db";
import { createLogger } from "@resonance/kit";
import { start as startLogic } from "@resonance/logic";
import { migrate } from "@resonance/migrations";
import { ChatService } from "@resonance/mq-proto/logic";
import { openRpcClient, openServiceCredential, type RpcClient } from "@resonance/rpc";
import { makeTestServiceKeys } from "@resonance/rpc/testing";
import {
  badKey,
  callTool,
  hang,
  internalError,
  type ModelRequest,
  openScriptedModel,
  overloaded,
  type Reply,
  rateLimited,
  refuse,
  reset,
  say,
  tooLong,
} from "@resonance/scripted-model";
import { eventually, freePort } from "@resonance/testkit";
import { openTestDatabase, openTestNats } from "@resonance/testkit/vitest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BrainErrorKind } from "./brain/model-port.ts";
import { start as startBot } from "./start.ts";

// Every trouble that a model can have, from the stored question to the stored answer: a real Logic,
// NATS and database, the bot as its environment configures it, and the real SDK before a scripted
// model. All questions are asked at once, each in a session of its own.

const languages = ["zh", "en"] as const;
type Language = (typeof languages)[number];

type Scenario = {
  /** What the model does at its nth request for this question, from 0. */
  readonly replies: (n: number, request: ModelRequest) => Reply;
  /** Whose sentence the answer ends in; otherwise what it says. */
  readonly ends: BrainErrorKind | RegExp;
  /** What is kept of a text that broke off. */
  readonly keeps?: string;
  readonly requests?: number;
};

const partial = "The gateway is ";
const fine = say("All is fine.");
const logs = (input: unknown): Reply => callTool("get_logs", input);

const scenarios: Record<string, Scenario> = {
  "90 s to the first token": {
    replies: () => ({ ...fine, firstTokenAfterMs: 90_000 }),
    ends: "timed_out",
    requests: 1,
  },
  "a stall in mid-stream": {
    replies: () => ({ ...say(partial, "x"), trouble: { kind: "stall", afterDeltas: 1 } }),
    ends: "timed_out",
    keeps: partial,
    requests: 1,
  },
  "a cut stream, every time": {
    replies: () => ({ ...say(partial, "x"), trouble: { kind: "cut", afterDeltas: 1 } }),
    ends: "offline",
    keeps: partial,
    requests: 4,
  },
  "a cut stream, once": {
    replies: (n) => (n > 0 ? fine : { ...say("x", "y"), trouble: { kind: "cut", afterDeltas: 1 } }),
    ends: /^All is fine\.$/,
  },
  "1 byte/s": {
    replies: () => ({ ...fine, trouble: { kind: "trickle", bytesPerSecond: 1 } }),
    ends: "timed_out",
  },
  "429 with a retry-after that is short": {
    replies: (n) => (n > 0 ? fine : rateLimited("1")),
    ends: /^All is fine\.$/,
    requests: 2,
  },
  "429 with a retry-after that is long": {
    replies: () => rateLimited("3600"),
    ends: "busy",
    requests: 1,
  },
  "529": { replies: () => overloaded(), ends: "busy", requests: 4 },
  "500": { replies: () => internalError(), ends: "failed", requests: 4 },
  "a reset": { replies: () => reset(), ends: "offline", requests: 4 },
  "a context that stays too long": { replies: () => tooLong(), ends: "too_long", requests: 2 },
  "a context that is too long once": {
    replies: (n) => (n > 0 ? fine : tooLong()),
    ends: /^All is fine\.$/,
    requests: 2,
  },
  "invalid JSON arguments": {
    replies: (n, { entries }) => {
      if (n === 0) return logs('{"service": "gate');
      const last = entries.at(-1);
      const isTold = last?.kind === "tool_result" && /not a JSON object/.test(last.text);
      return isTold ? fine : say("nobody told me");
    },
    ends: /^All is fine\.$/,
  },
  "a tool that does not exist": {
    replies: (n, { entries }) => {
      if (n === 0) return callTool("get_log", { service: "gateway" });
      const last = entries.at(-1);
      return last?.kind === "tool_result" && /get_logs/.test(last.text) ? fine : say("no hint");
    },
    ends: /^All is fine\.$/,
  },
  "an endless tool loop": {
    replies: (n, { toolChoice }) =>
      toolChoice === "none"
        ? say("I looked 20 times.")
        : logs({ service: "gateway", limit: n + 1 }),
    ends: /^I looked 20 times\.$/,
    requests: 21,
  },
  "the same call for ever": {
    replies: (_n, { toolChoice }) =>
      toolChoice === "none" ? say("I looked once.") : logs({ service: "gateway" }),
    ends: /^I looked once\.$/,
    requests: 21,
  },
  "a refusal": { replies: () => refuse(), ends: "refused", requests: 1 },
  "a wrong key": { replies: () => badKey(), ends: "key_problem", requests: 1 },
  "a model that hangs": { replies: () => hang(), ends: "timed_out", requests: 1 },
  "a model that ends without a word": { replies: () => say(), ends: "failed" },
};

const sentences: Record<string, Readonly<Record<Language, RegExp>>> = {
  timed_out: { zh: /大模型太久没有回应/, en: /took too long to respond/ },
  offline: { zh: /连不上大模型服务/, en: /cannot be reached/ },
  busy: { zh: /现在太忙/, en: /too busy right now/ },
  failed: { zh: /出了错/, en: /something went wrong/ },
  too_long: { zh: /太长，大模型放不下/, en: /too long for the language model/ },
  refused: { zh: /大模型拒绝回答/, en: /declined to answer/ },
  key_problem: { zh: /不接受这里配置的密钥/, en: /does not accept the key/ },
};

const names = Object.keys(scenarios);
const asked = names.flatMap((name, index) =>
  languages.map((language) => ({
    name,
    language,
    user: `asker-${index}-${language}`,
    text: `${language === "zh" ? "网关怎么样？" : "How is the gateway?"} #${index}-${language}#`,
  })),
);
/** How often the model was asked for each question, by its mark. */
const counts = new Map<string, number>();
let answers: Map<string, string>;
let seconds: number;
const stack = new AsyncDisposableStack();
const log = createLogger("test", "silent");

beforeAll(async () => {
  const signal = AbortSignal.timeout(120_000);
  const database = stack.use(await openTestDatabase());
  await migrate({ url: database.url, signal });
  const db = stack.use(openDatabase(database.url));
  const nats = stack.use(await openTestNats());
  const model = stack.use(await openScriptedModel(replyTo));
  const address = `127.0.0.1:${await freePort()}`;
  const keys = makeTestServiceKeys();
  const common = { RESONANCE_MYSQL_URL: database.url, RESONANCE_NATS_URL: nats.url };
  const logic = {
    ...common,
    ...keys.settingsOf("logic"),
    RESONANCE_LOGIC_LISTEN: address,
    RESONANCE_AUTH_SECRET_KEY: "a secret of thirty-two bytes, or more",
  };
  stack.use(await startLogic({ environment: logic, log, signal }));
  const bot = {
    ...common,
    ...keys.settingsOf("bot"),
    RESONANCE_LOGIC_ADDRESS: address,
    RESONANCE_BRAIN: "anthropic",
    ANTHROPIC_API_KEY: "sk-4711",
    RESONANCE_MODEL_URL: model.url,
    RESONANCE_MODEL_FIRST_TOKEN_MS: "8000",
    RESONANCE_MODEL_BETWEEN_TOKENS_MS: "8000",
    RESONANCE_BOT_CONCURRENCY: "100",
  };
  stack.use(await startBot({ environment: bot, log, signal }));
  await db.execute("INSERT INTO t_user (username, nickname, password) VALUES ?", [
    asked.map(({ user }) => [user, user, "!"]),
  ]);
  await db.execute("INSERT INTO t_session (session_id, type, name, owner_username) VALUES ?", [
    asked.map(({ user }) => [sessionOf(user), 1, "", user]),
  ]);
  await db.execute("INSERT INTO t_session_member (session_id, username) VALUES ?", [
    asked.flatMap(({ user }) => [
      [sessionOf(user), user],
      [sessionOf(user), "ops-bot"],
    ]),
  ]);
  const credential = openServiceCredential("gateway", "logic", keys.keys.gateway);
  const chat = stack.use(openRpcClient(ChatService, address, credential));
  const startedAtMs = performance.now();
  await Promise.all(asked.map(({ user, text }) => ask(chat, user, text, signal)));
  answers = await eventually(
    async () => {
      const rows = await db.query<{ sessionId: string; content: string }>(
        `SELECT session_id AS sessionId, content FROM t_message_content
          WHERE sender_username = 'ops-bot' AND session_id LIKE '%asker-%'`,
        [],
      );
      expect(rows.length).toBeGreaterThanOrEqual(asked.length);
      return new Map(rows.map(({ sessionId, content }) => [sessionId, content]));
    },
    { timeoutMs: 90_000, intervalMs: 200, signal },
  );
  seconds = (performance.now() - startedAtMs) / 1_000;
}, 150_000);
afterAll(() => stack.disposeAsync());

function sessionOf(user: string): string {
  return `single:${user}:ops-bot`;
}

async function ask(
  chat: RpcClient<typeof ChatService>,
  user: string,
  content: string,
  signal: AbortSignal,
): Promise<void> {
  const sent = { sessionId: sessionOf(user), fromUsername: user, content, clientMsgId: user };
  const { error } = await chat.sendMessage(sent, signal);
  expect(error).toBe("");
}

/** Each question bears a mark that says which trouble it wants. */
function replyTo(request: ModelRequest): Reply {
  const texts = request.entries.map((entry) => (entry.kind === "user" ? entry.text : ""));
  const mark = /#(\d+)-(?:zh|en)#/.exec(texts.join("\n"));
  const scenario = scenarios[names[Number(mark?.[1])] ?? ""];
  if (!mark || !scenario) throw new Error(`no mark in ${texts.join("\n")}`);
  const n = counts.get(mark[0]) ?? 0;
  counts.set(mark[0], n + 1);
  return scenario.replies(n, request);
}

describe.each(languages)("%s", (language) => {
  test.each(Object.entries(scenarios))("%s ends in plain words", (name, scenario) => {
    const index = names.indexOf(name);
    const answer = answers.get(sessionOf(`asker-${index}-${language}`)) ?? "";
    const { ends, keeps, requests } = scenario;
    if (ends instanceof RegExp) {
      expect(answer).toMatch(ends);
    } else {
      expect(answer).toMatch(sentences[ends]?.[language] ?? /^$/);
      expect(answer).toMatch(/(编号|reference) [0-9a-f]{8}/);
    }
    if (keeps !== undefined) expect(answer.startsWith(keeps.trim())).toBe(true);
    // The provider's own words stay in the log.
    expect(answer).not.toMatch(
      /4711|sk-|10\.4\.7|Overloaded|exceed the rate|x-api-key|\d{3} tokens/,
    );
    if (requests !== undefined) expect(counts.get(`#${index}-${language}#`)).toBe(requests);
  });
});

test("one question, one answer, and all of them within the deadline", () => {
  expect(answers.size).toBe(asked.length);
  expect(seconds).toBeLessThan(90);
});
