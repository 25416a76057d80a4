import { type Database, openDatabase } from "@resonance/db";
import { createLogger } from "@resonance/kit";
import { start as startLogic } from "@resonance/logic";
import { migrate } from "@resonance/migrations";
import { ChatService } from "@resonance/mq-proto/logic";
import { openRpcClient, openServiceCredential, type RpcClient } from "@resonance/rpc";
import { makeTestServiceKeys } from "@resonance/rpc/testing";
import { openScriptedModel, say } from "@resonance/scripted-model";
import { eventually, freePort } from "@resonance/testkit";
import { openTestDatabase, openTestNats } from "@resonance/testkit/vitest";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { start as startBot } from "../start.ts";

// What a model is told of what was said before: a real Logic, NATS and database, and the bot as its
// environment configures it.

const log = createLogger("test", "silent");
const shared = new AsyncDisposableStack();
let stack: AsyncDisposableStack;
let db: Database;
let chat: RpcClient<typeof ChatService>;
let settings: Readonly<Record<string, string>>;

beforeAll(async () => {
  const signal = AbortSignal.timeout(60_000);
  const database = shared.use(await openTestDatabase());
  await migrate({ url: database.url, signal });
  db = shared.use(openDatabase(database.url));
  const nats = shared.use(await openTestNats());
  const address = `127.0.0.1:${await freePort()}`;
  const keys = makeTestServiceKeys();
  const common = { RESONANCE_MYSQL_URL: database.url, RESONANCE_NATS_URL: nats.url };
  const environment = {
    ...common,
    ...keys.settingsOf("logic"),
    RESONANCE_LOGIC_LISTEN: address,
    RESONANCE_AUTH_SECRET_KEY: "a secret of thirty-two bytes, or more",
  };
  shared.use(await startLogic({ environment, log, signal }));
  const credential = openServiceCredential("gateway", "logic", keys.keys.gateway);
  chat = shared.use(openRpcClient(ChatService, address, credential));
  settings = { ...common, ...keys.settingsOf("bot"), RESONANCE_LOGIC_ADDRESS: address };
  await db.execute("INSERT INTO t_user (username, nickname, password) VALUES ?", [
    ["alice", "bob"].map((name) => [name, name, "!"]),
  ]);
});
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());
afterAll(() => shared.disposeAsync());

async function openSession(sessionId: string, members: readonly string[]): Promise<void> {
  const type = sessionId.startsWith("group:") ? 2 : 1;
  await db.execute("INSERT INTO t_session (session_id, type, name, owner_username) VALUES ?", [
    [[sessionId, type, "", "alice"]],
  ]);
  await db.execute("INSERT INTO t_session_member (session_id, username) VALUES ?", [
    members.map((username) => [sessionId, username]),
  ]);
}

async function openBot(
  script: Parameters<typeof openScriptedModel>[0],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const model = stack.use(await openScriptedModel(script));
  const brain = {
    RESONANCE_BRAIN: "openai-compatible",
    RESONANCE_MODEL: "scripted-1",
    RESONANCE_MODEL_URL: model.url,
  };
  const signal = new AbortController().signal;
  stack.use(
    await startBot({ environment: { ...settings, ...brain, ...environment }, log, signal }),
  );
}

async function send(sessionId: string, fromUsername: string, content: string): Promise<void> {
  const message = { sessionId, fromUsername, content, clientMsgId: crypto.randomUUID() };
  const { error } = await chat.sendMessage(message, AbortSignal.timeout(10_000));
  expect(error).toBe("");
}

/** Asks as alice, and waits for what the bot says to it. */
async function ask(sessionId: string, content: string): Promise<string> {
  const before = (await answersIn(sessionId)).length;
  await send(sessionId, "alice", content);
  return await eventually(
    async () => {
      const answers = await answersIn(sessionId);
      expect(answers).toHaveLength(before + 1);
      return answers[before] ?? "";
    },
    { timeoutMs: 20_000 },
  );
}

async function answersIn(sessionId: string): Promise<string[]> {
  const rows = await db.query<{ content: string }>(
    `SELECT content FROM t_message_content
      WHERE sender_username = 'ops-bot' AND session_id = ? ORDER BY msg_id`,
    [sessionId],
  );
  return rows.map(({ content }) => content);
}

const remarks = Array.from({ length: 15 }, (_, index) => `remark no. ${index + 1} of fifteen`);

test.each([
  ["ten by default", 10, {}],
  ["three where it is set to three", 3, { RESONANCE_BOT_CONTEXT_MESSAGES: "3" }],
  ["none where it is set to none", 0, { RESONANCE_BOT_CONTEXT_MESSAGES: "0" }],
])("of fifteen messages a model is told the last: %s", async (_what, count, environment) => {
  const told = remarks.slice(remarks.length - count);
  const conversation = [...told, "which of these matter\\?"].map(
    (text, index) => new RegExp(`^user: ${index < told.length ? "(.*\n)?" : ""}${text}`),
  );
  await openBot([{ expect: { conversation }, reply: say("The last.") }], environment);
  const sessionId = `group:1${count}`;
  await openSession(sessionId, ["alice", "bob", "ops-bot"]);
  for (const [index, remark] of remarks.entries()) {
    await send(sessionId, index % 3 === 0 ? "bob" : "alice", remark);
  }

  expect(await ask(sessionId, "@ops-bot which of these matter?")).toBe("The last.");
});

test("what a model is told after /clear begins after it", async () => {
  const first = [/^user: how is shop-api-7f9c\?/, "assistant: shop-api-7f9c is well."];
  const later = [/^user: and the database\?/, "assistant: Fine."];
  await openBot([
    { expect: { conversation: first.slice(0, 1) }, reply: say("shop-api-7f9c is well.") },
    { expect: { conversation: [...first, /^user: and now\?/] }, reply: say("Still well.") },
    { expect: { conversation: later.slice(0, 1) }, reply: say("Fine.") },
    { expect: { conversation: [...later, /^user: and now\?/] }, reply: say("Still fine.") },
  ]);
  const sessionId = "single:alice:ops-bot";
  await openSession(sessionId, ["alice", "ops-bot"]);

  const answers: string[] = [];
  for (const text of ["how is shop-api-7f9c?", "and now?", "/clear", "and the database?"]) {
    answers.push(await ask(sessionId, text));
  }
  answers.push(await ask(sessionId, "and now?"));

  const texts = ["shop-api-7f9c is well.", "Still well.", /start afresh/, "Fine.", "Still fine."];
  expect(answers).toEqual(texts.map((text) => expect.stringMatching(text)));
});
