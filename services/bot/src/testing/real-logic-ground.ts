import { type Bus, openBus, queueState } from "@resonance/bus";
import { type Database, openDatabase } from "@resonance/db";
import { start as startLogic } from "@resonance/logic";
import { migrate } from "@resonance/migrations";
import { ChatService } from "@resonance/mq-proto/logic";
import { openRpcClient, openServiceCredential, type RpcClient } from "@resonance/rpc";
import { makeTestServiceKeys } from "@resonance/rpc/testing";
import { eventually, freePort } from "@resonance/testkit";
import { openTestDatabase, openTestNats } from "@resonance/testkit/vitest";
import { start as startBot } from "../start.ts";
import { log } from "./bot-ground.ts";

type Said = { readonly sessionId: string; readonly clientMsgId: string; readonly content: string };

/** A real Logic, NATS and database, and a bot as its environment configures it. */
export class RealLogicGround implements AsyncDisposable {
  readonly #db: Database;
  readonly #bus: Bus;
  readonly #chat: RpcClient<typeof ChatService>;
  readonly #stack: AsyncDisposableStack;

  /** @param environment of the bot */
  static async open(environment: Record<string, string>): Promise<RealLogicGround> {
    const signal = AbortSignal.timeout(120_000);
    await using stack = new AsyncDisposableStack();
    const database = stack.use(await openTestDatabase());
    await migrate({ url: database.url, signal });
    const db = stack.use(openDatabase(database.url));
    const nats = stack.use(await openTestNats());
    const bus = stack.use(openBus({ url: nats.url, name: "test", log }));
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
      ...environment,
    };
    stack.use(await startBot({ environment: bot, log, signal }));
    const credential = openServiceCredential("gateway", "logic", keys.keys.gateway);
    const chat = stack.use(openRpcClient(ChatService, address, credential));
    return new RealLogicGround({ db, bus, chat, stack: stack.move() });
  }

  private constructor(opened: {
    readonly db: Database;
    readonly bus: Bus;
    readonly chat: RpcClient<typeof ChatService>;
    readonly stack: AsyncDisposableStack;
  }) {
    this.#db = opened.db;
    this.#bus = opened.bus;
    this.#chat = opened.chat;
    this.#stack = opened.stack;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }

  /** People, each with a session with the bot in which nothing was said. */
  async letIn(usernames: readonly string[]): Promise<void> {
    await this.#db.execute("INSERT INTO t_user (username, nickname, password) VALUES ?", [
      usernames.map((username) => [username, username, "!"]),
    ]);
    await this.#db.execute(
      "INSERT INTO t_session (session_id, type, name, owner_username) VALUES ?",
      [usernames.map((username) => [botSessionOf(username), 1, "", username])],
    );
    await this.#db.execute("INSERT INTO t_session_member (session_id, username) VALUES ?", [
      usernames.flatMap((username) => [
        [botSessionOf(username), username],
        [botSessionOf(username), "ops-bot"],
      ]),
    ]);
  }

  /** Says which message it is. */
  async ask(username: string, content: string, signal: AbortSignal): Promise<bigint> {
    const sent = { sessionId: botSessionOf(username), fromUsername: username, content };
    const { error, msgId } = await this.#chat.sendMessage(sent, signal);
    if (error !== "") throw new Error(`not sent: ${error}`);
    return msgId;
  }

  /**
   * All that the bot has said, by session and in order, once nothing more is on its way: every run
   * has ended, and every event is acknowledged.
   */
  async saidInTheEnd(signal: AbortSignal): Promise<ReadonlyMap<string, readonly Said[]>> {
    await eventually(
      async () => {
        const [left] = await this.#db.query<{ runs: bigint }>(
          "SELECT COUNT(*) AS runs FROM t_bot_run WHERE finished_at IS NULL",
        );
        const queue = await queueState(this.#bus);
        const bot = queue?.consumers.find(({ name }) => name === "bot");
        if (left?.runs === 0n && bot?.pending === 0 && bot.unacknowledged === 0) return;
        throw new Error(`${left?.runs} runs go on; events: ${JSON.stringify(bot)}`);
      },
      { timeoutMs: 90_000, intervalMs: 200, signal },
    );
    const rows = await this.#db.query<Said>(
      `SELECT session_id AS sessionId, client_msg_id AS clientMsgId, content
         FROM t_message_content WHERE sender_username = 'ops-bot' ORDER BY session_id, seq_id`,
    );
    return Map.groupBy(rows, ({ sessionId }) => sessionId);
  }
}

/** The one-to-one session of a person and the bot. */
export function botSessionOf(username: string): string {
  return `single:${username}:ops-bot`;
}
