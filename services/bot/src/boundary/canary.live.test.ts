import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { exportLine, listAfter } from "@resonance/audit";
import { type Bus, openBus } from "@resonance/bus";
import { type Database, openDatabase } from "@resonance/db";
import { createLogger, guardedOutput } from "@resonance/kit";
import { migrate } from "@resonance/migrations";
import { BotEventSchema, ProgressEventSchema, topicOf } from "@resonance/mq-proto";
import {
  ChatService,
  DeadLetterService,
  SessionService,
  StatsService,
} from "@resonance/mq-proto/logic";
import { toolDefinitions } from "@resonance/ops-mcp";
import { canaries, leaksIn } from "@resonance/ops-mcp/testing";
import { implement, openRpcServer, type RpcServer } from "@resonance/rpc";
import { makeTestServiceKeys } from "@resonance/rpc/testing";
import { callTools, openScriptedModel, type ScriptedModel, say } from "@resonance/scripted-model";
import { eventually } from "@resonance/testkit";
import { openTestDatabase, openTestNats } from "@resonance/testkit/vitest";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { start } from "../start.ts";
import { notHere } from "../testing/fake-logic.ts";
import type { ToolSource } from "../tools/tool-source.ts";
import { redactLogLine } from "./redact-log-line.ts";

const planted = Object.values(canaries)
  .map(([text]) => text)
  .join("\n");

const quiet = createLogger("test", "silent");
const shared = new AsyncDisposableStack();
let stack: AsyncDisposableStack;
let mysqlUrl: string;
let db: Database;
let bus: Bus;
let natsUrl: string;
let logic: RpcServer & { port?: number };
let logicPort: number;
let sent: string[];
let progress: string[];
let logged: string[];
let question: string;

beforeAll(async () => {
  const database = shared.use(await openTestDatabase());
  await migrate({ url: database.url, signal: AbortSignal.timeout(60_000) });
  mysqlUrl = database.url;
  db = shared.use(openDatabase(mysqlUrl));
});
afterAll(() => shared.disposeAsync());
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  [sent, progress, logged] = [[], [], []];
  const nats = stack.use(await openTestNats());
  natsUrl = nats.url;
  bus = stack.use(openBus({ url: nats.url, name: "test", log: quiet }));
  await bus.ready();
  logic = stack.use(await openLogic());
  logicPort = logic.port ?? 0;
});
afterEach(() => stack.disposeAsync());

function openLogic() {
  return openRpcServer({
    listen: { host: "127.0.0.1", port: 0 },
    callers: "anybody",
    log: quiet,
    services: [
      implement(ChatService, {
        sendMessage: async ({ content }) => {
          sent.push(content);
          return { msgId: 1n, seqId: 2n };
        },
      }),
      implement(SessionService, {
        ...notHere,
        getHistoryMessages: async () => ({ messages: [stored()] }),
      }),
      implement(DeadLetterService, { recordDeadLetter: async () => ({ id: 1n }) }),
      implement(StatsService, {
        countMessages: async () => ({ total: 1n, fromPeople: 1n, fromBots: 0n, fromSystem: 0n }),
        getSystemStatus: async () => ({ unknown: [] }),
      }),
    ],
  });
}

const sessionId = "single:alice:ops-bot";
const msgId = BigInt(Date.now()) << 22n;
const stored = () => ({
  msgId,
  seqId: 1n,
  sessionId,
  fromUsername: "alice",
  content: question,
  type: "text",
});

/** Every reading tool of ours, and what it gives: all canaries, where results are cut as well. */
function leakySource(): ToolSource {
  const definitions = toolDefinitions().filter(({ access }) => access === "read");
  const filler = "2026-11-26T10:00:00Z INFO gateway ready, nothing to report\n";
  return {
    name: "ops",
    definitions: () => definitions,
    async call({ name }) {
      const index = definitions.findIndex((definition) => definition.name === name);
      // A different length of what comes before in each, so that cuts fall everywhere.
      const text = `${planted}\n${filler.repeat(120 + 37 * index)}${planted}\n${filler.repeat(500)}${planted}`;
      return {
        outcome: index % 3 === 2 ? "error" : "ok",
        text,
        data: {
          rows: planted.split("\n").map((row) => ({ text: row })),
          password: "Canary-assign-7",
        },
      };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function openBot(environment: Record<string, string>, sources: readonly ToolSource[]) {
  const output = guardedOutput(redactLogLine, { write: (line) => void logged.push(line) });
  const log = createLogger("bot", "debug", output);
  const settings = {
    RESONANCE_LOGIC_ADDRESS: `127.0.0.1:${logicPort}`,
    ...makeTestServiceKeys().settingsOf("bot"),
    RESONANCE_MYSQL_URL: mysqlUrl,
    RESONANCE_NATS_URL: natsUrl,
    ...environment,
  };
  stack.use(
    await start({ environment: settings, log, signal: new AbortController().signal }, { sources }),
  );
  bus.subscribe(topicOf(ProgressEventSchema), (payload) => {
    progress.push(fromBinary(ProgressEventSchema, payload).text);
  });
}

async function ask(text: string): Promise<void> {
  question = text;
  await db.execute("DELETE FROM t_bot_run");
  await db.execute("DELETE FROM t_bot_step");
  const event = create(BotEventSchema, {
    ...stored(),
    messageType: "text",
    botUsername: "ops-bot",
  });
  const payload = toBinary(BotEventSchema, event);
  await bus.publishStored(topicOf(BotEventSchema), payload, `bot:${crypto.randomUUID()}`);
  await eventually(() => expect(sent).toHaveLength(1), { timeoutMs: 25_000 });
}

const compatible = (model: ScriptedModel) => ({
  RESONANCE_BRAIN: "openai-compatible",
  RESONANCE_MODEL: "scripted-1",
  RESONANCE_MODEL_URL: model.url,
});

async function everythingStored(): Promise<string> {
  const tables = await db.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
  );
  const rows = await Promise.all(
    tables.map(({ name }) => db.query<object>(`SELECT * FROM ${name}`)),
  );
  return rows
    .flat(2)
    .map((row) => Object.values(row).map(String).join("\n"))
    .join("\n");
}

test("20 kinds in every tool and in the question reach no model, row, message, progress or log", async () => {
  const tools = toolDefinitions().filter(({ access }) => access === "read");
  const model = stack.use(
    await openScriptedModel(({ entries }, before) =>
      before === 0
        ? callTools(...tools.map(({ name }) => ({ name, input: { note: planted } })))
        : say(`it said: ${JSON.stringify(entries).slice(0, 4_000)}\n${planted}`),
    ),
  );
  await openBot(compatible(model), [leakySource()]);

  await ask(`what is this? "CanaryProse16" ${planted}`);

  const requests = JSON.stringify(model.requests.map(({ body }) => body)).replaceAll("\\n", "\n");
  const rows = await everythingStored();
  expect(model.requests).toHaveLength(2);
  expect(requests).toContain("[redacted]");
  expect(rows).toContain("[redacted]");
  expect(leaksIn(requests)).toEqual([]);
  expect(leaksIn(rows)).toEqual([]);
  expect(leaksIn(sent.join("\n"))).toEqual([]);
  expect(leaksIn(progress.join("\n"))).toEqual([]);
  expect(leaksIn(logged.join("\n"))).toEqual([]);
});

test("20 kinds in a command reach no row, message or log, and stand in no audit", async () => {
  const model = stack.use(await openScriptedModel(() => say("nothing")));
  await openBot(compatible(model), [leakySource()]);
  const oneLine = planted.replaceAll("\n", " ");

  for (const command of [
    `/restart ${oneLine}`,
    `/restart gateway ${oneLine}`,
    `/approve ${canaries.assignment[0]} ${oneLine}`,
    `/logs gateway --grep ${oneLine}`,
    `/users role ${canaries.query[0]} ${oneLine}`,
  ]) {
    sent.length = 0;
    await ask(command);
    expect(leaksIn(sent.join("\n"))).toEqual([]);
  }

  const exported = (await listAfter(db, 0n, 1_000)).map(exportLine).join("\n");
  expect(exported).toContain('"verdict":"approved"');
  expect(leaksIn(exported)).toEqual([]);
  expect(leaksIn(await everythingStored())).toEqual([]);
  expect(leaksIn(logged.join("\n"))).toEqual([]);
});

test("20 kinds in a question stay out wherever they stand in it", async () => {
  const model = stack.use(await openScriptedModel(() => say("nothing")));
  await openBot(compatible(model), []);

  for (const length of [3_900, 8_070, 24_100, 40_000]) {
    sent.length = 0;
    await ask(`${"a line of a log\n".repeat(length / 16)}${planted}`);
  }

  const requests = JSON.stringify(model.requests.map(({ body }) => body)).replaceAll("\\n", "\n");
  expect(model.requests).toHaveLength(4);
  expect(leaksIn(requests)).toEqual([]);
  expect(leaksIn(await everythingStored())).toEqual([]);
  expect(leaksIn(logged.join("\n"))).toEqual([]);
});
