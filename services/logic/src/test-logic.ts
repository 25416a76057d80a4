import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type Bus, createDeliver, openBus } from "@resonance/bus";
import { type Database, openDatabase } from "@resonance/db";
import { createLogger, type Logger } from "@resonance/kit";
import { migrate } from "@resonance/migrations";
import type { Username } from "@resonance/mq-proto";
import { SendMessageRequestSchema } from "@resonance/mq-proto/logic";
import { openTestDatabase, openTestNats } from "@resonance/testkit/vitest";
import { DirectDelivery } from "./direct-delivery.ts";
import { GatewayCalls } from "./gateway-calls.ts";
import { IdGenerator } from "./ids.ts";
import { type MessageStore, openMessageStore, openStorePipeline } from "./message-store.ts";
import { type Outbox, openOutbox } from "./outbox.ts";
import { openPasswords, type Passwords } from "./passwords.ts";
import { createAccount, type RegisterDeps } from "./register.ts";
import { type StoredIds, sendMessage } from "./send-message.ts";
import { createTokens } from "./tokens.ts";

export type TestLogic = AsyncDisposable & {
  readonly deps: RegisterDeps & {
    messageStore: MessageStore;
    delivery: DirectDelivery;
    gatewayCalls: GatewayCalls;
    log: Logger;
  };
  readonly db: Database;
  readonly bus: Bus;
  readonly mysqlUrl: string;
  readonly natsUrl: string;
  readonly signal: AbortSignal;
  /** Makes an account with the password "password". */
  user(name: string): Promise<Username>;
  send(request: MessageInitShape<typeof SendMessageRequestSchema>): Promise<StoredIds>;
};

export const noMetrics = { publishFailed: () => undefined, reopened: () => undefined };

/** What a process does that dies between the commit and the publishing. */
export const deadOutbox: Outbox = {
  cover: () => undefined,
  uncover: () => undefined,
  publish: () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
};

/** Logic's parts on a fresh database and a NATS of its own, without the RPC around them. */
export async function openTestLogic(
  options: { outbox?: Outbox; natsUrl?: string } = {},
): Promise<TestLogic> {
  await using stack = new AsyncDisposableStack();
  const log = createLogger("logic-test", "silent");
  const signal = AbortSignal.timeout(60_000);
  const database = stack.use(await openTestDatabase());
  await migrate({ url: database.url, signal });
  const natsUrl = options.natsUrl ?? stack.use(await openTestNats()).url;
  const db = stack.use(openDatabase(database.url));
  const bus = stack.use(openBus({ url: natsUrl, name: "test", log }));
  await bus.ready();
  const outbox = options.outbox ?? stack.use(openOutbox({ db, bus, log, metrics: noMetrics }));
  const ids = new IdGenerator(
    () => 1,
    () => true,
  );
  const passwords: Passwords = await openPasswords(10);
  const gatewayCalls = new GatewayCalls(createDeliver(bus));
  const delivery = new DirectDelivery(bus, gatewayCalls.deliver);
  const common = { db, delivery, outbox, nextMsgId: () => ids.next(), nowMs: Date.now };
  const pipeline = stack.use(openStorePipeline(database.url));
  const messageStore = stack.use(openMessageStore({ ...common, pipeline }));
  const tokens = createTokens("a secret of thirty-two bytes, or more");
  const deps = { ...common, gatewayCalls, messageStore, passwords, tokens, log };
  const closing = stack.move();
  return {
    deps,
    db,
    bus,
    mysqlUrl: database.url,
    natsUrl,
    signal,
    async user(name) {
      // Tests name their people; parseUsername is tested elsewhere.
      const username = name as Username;
      await createAccount(
        deps,
        { username, nickname: name, password: "password", role: "user" },
        signal,
      );
      return username;
    },
    send: (request) => sendMessage(messageStore, create(SendMessageRequestSchema, request)),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
