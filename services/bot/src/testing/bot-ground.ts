import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type Bus, openBus, queueState } from "@resonance/bus";
import { type Database, openDatabase } from "@resonance/db";
import { createLogger } from "@resonance/kit";
import { migrate } from "@resonance/migrations";
import {
  BotEventSchema,
  type ProgressEvent,
  ProgressEventSchema,
  topicOf,
} from "@resonance/mq-proto";
import { makeTestServiceKeys } from "@resonance/rpc/testing";
import { freePort } from "@resonance/testkit";
import { openTestDatabase, openTestNats } from "@resonance/testkit/vitest";
import type { BrainPort } from "../brain/model-port.ts";
import type { Question } from "../question.ts";
import { start } from "../start.ts";
import type { ToolSource } from "../tools/tool-source.ts";
import { FakeLogic, type Said } from "./fake-logic.ts";

export const log = createLogger("test", "silent");

/** A database for the bots of a test file, and for each test a NATS and a Logic of its own. */
export class BotGround implements AsyncDisposable {
  readonly db: Database;
  readonly mysqlUrl: string;
  readonly #shared: AsyncDisposableStack;
  #stack = new AsyncDisposableStack();
  #counter = 0n;
  #said: Said[] = [];
  #natsUrl = "";
  #logicPort = 0;
  #bus: Bus | undefined;

  static async open(): Promise<BotGround> {
    await using shared = new AsyncDisposableStack();
    const database = shared.use(await openTestDatabase());
    await migrate({ url: database.url, signal: AbortSignal.timeout(60_000) });
    const db = shared.use(openDatabase(database.url));
    return new BotGround(database.url, db, shared.move());
  }

  private constructor(mysqlUrl: string, db: Database, shared: AsyncDisposableStack) {
    this.mysqlUrl = mysqlUrl;
    this.db = db;
    this.#shared = shared;
  }

  /** Before each test: nothing was said, and nobody works. */
  async reset(): Promise<void> {
    await this.#stack.disposeAsync();
    this.#stack = new AsyncDisposableStack();
    this.#said = [];
    for (const table of ["t_bot_run", "t_bot_step", "t_bot_context", "t_bot_artifact"]) {
      await this.db.execute(`DELETE FROM ${table}`);
    }
    const nats = this.#stack.use(await openTestNats());
    this.#natsUrl = nats.url;
    this.#bus = this.#stack.use(openBus({ url: nats.url, name: "test", log }));
    await this.#bus.ready();
    this.#logicPort = await freePort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
    await this.#shared.disposeAsync();
  }

  get bus(): Bus {
    if (!this.#bus) throw new Error("reset() comes first");
    return this.#bus;
  }

  /** `host:port` of all that the bot itself stands on. */
  get addresses(): readonly string[] {
    const urls = [this.mysqlUrl, this.#natsUrl].map((url) => new URL(url).host);
    return [...urls, `127.0.0.1:${this.#logicPort}`];
  }

  newLogic(): FakeLogic {
    return new FakeLogic(this.#said);
  }

  async openLogic(logic: FakeLogic = this.newLogic()): Promise<FakeLogic> {
    this.#stack.use(await logic.open(this.#logicPort));
    return logic;
  }

  async openBot(
    brain?: BrainPort,
    environment: Record<string, string> = {},
    sources?: readonly ToolSource[],
  ): Promise<AsyncDisposable> {
    const settings = {
      RESONANCE_LOGIC_ADDRESS: `127.0.0.1:${this.#logicPort}`,
      ...makeTestServiceKeys().settingsOf("bot"),
      RESONANCE_MYSQL_URL: this.mysqlUrl,
      RESONANCE_NATS_URL: this.#natsUrl,
      ...environment,
    };
    const context = { environment: settings, log, signal: new AbortController().signal };
    const given = { ...(brain ? { brain } : {}), ...(sources ? { sources } : {}) };
    const bot = await start(context, given);
    this.#stack.use(bot);
    return bot;
  }

  /** Stores a message of alice to the bot, unless told, as Logic would. Says which. */
  say(content: string, fields: Said = {}): Required<Pick<Said, "msgId" | "seqId">> {
    const ids = {
      msgId: fields.msgId ?? (BigInt(Date.now()) << 22n) + this.#counter++,
      seqId: fields.seqId ?? BigInt(this.#said.length + 1),
    };
    const alice = { sessionId: "single:alice:ops-bot", fromUsername: "alice", type: "text" };
    if (!this.#said.some(({ msgId }) => msgId === ids.msgId)) {
      this.#said.push({ ...alice, ...fields, ...ids, content });
    }
    return ids;
  }

  /** As if somebody had deleted it. */
  unsay(msgId: bigint): void {
    this.#said.splice(
      this.#said.findIndex((message) => message.msgId === msgId),
      1,
    );
  }

  /** Asks the bot: the message is stored, and the event published. */
  async ask(
    content: string,
    fields: MessageInitShape<typeof BotEventSchema> = {},
    publishId?: string,
  ): Promise<bigint> {
    const { msgId, seqId, sessionId, fromUsername, messageType } = fields;
    const given = { msgId, seqId, sessionId, fromUsername, type: messageType };
    const known = Object.entries(given).filter(([, value]) => value !== undefined);
    const ids = this.say(content, Object.fromEntries(known));
    const event = create(BotEventSchema, {
      sessionId: "single:alice:ops-bot",
      fromUsername: "alice",
      botUsername: "ops-bot",
      messageType: "text",
      content,
      ...fields,
      ...ids,
    });
    await this.#letIn(event.fromUsername, event.sessionId);
    const payload = toBinary(BotEventSchema, event);
    const topic = topicOf(BotEventSchema);
    await this.bus.publishStored(topic, payload, publishId ?? `bot:${ids.msgId}`);
    return ids.msgId;
  }

  /** Whoever asks is a person and a member of the session. */
  async #letIn(username: string, sessionId: string): Promise<void> {
    await this.db.execute(
      `INSERT INTO t_user (username, nickname, password) VALUES (?, ?, '!')
       ON DUPLICATE KEY UPDATE username = t_user.username`,
      [username, username],
    );
    await this.db.execute(
      `INSERT INTO t_session_member (session_id, username) VALUES (?, ?)
       ON DUPLICATE KEY UPDATE username = t_session_member.username`,
      [sessionId, username],
    );
  }

  /** Throws while an event is on its way to a bot, or in its hands. */
  async assertAllNoticed(): Promise<void> {
    const queue = await queueState(this.bus);
    const bot = queue?.consumers.find(({ name }) => name === "bot");
    if (bot?.pending === 0 && bot.unacknowledged === 0) return;
    throw new Error(`events are on their way: ${JSON.stringify(bot)}`);
  }

  /** What bots tell of their work from now on. */
  async watchProgress(): Promise<readonly ProgressEvent[]> {
    const reports: ProgressEvent[] = [];
    const topic = topicOf(ProgressEventSchema);
    const subscription = this.bus.subscribe(topic, (payload) => {
      reports.push(fromBinary(ProgressEventSchema, payload));
    });
    this.#stack.use(subscription);
    await (await this.bus.connected()).flush();
    return reports;
  }
}

/** A brain that does what the test says, in one step. */
export function brainOf(
  think: (question: Question, signal: AbortSignal) => Promise<string>,
): BrainPort {
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
