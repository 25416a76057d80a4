import {
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from "@nats-io/jetstream";
import { connect, errors, type NatsConnection } from "@nats-io/transport-node";
import { ChatError, type Logger, retry } from "@resonance/kit";
import { busUsers, inboxPrefixOf } from "./authorization.ts";
import { checkStream, type StreamState, serverIdOf } from "./check-stream.ts";
import { ConfirmedPublisher, type ToStore } from "./confirmed-publisher.ts";
import { declareStream } from "./declare.ts";

export type Subscription = Disposable;

/** Where a message is stored. */
export type Receipt = {
  /** The run of the server that has confirmed it. */
  readonly serverId: string;
  readonly seq: number;
  /** Whether it was stored before, under the same id; `seq` is the place of that one. */
  readonly isDuplicate: boolean;
};

/** NATS with this system's decisions made. Disposing drains: what was published is flushed. */
export type Bus = AsyncDisposable & {
  /**
   * Settles when the first connection stands and the stream is declared. A server that has no
   * JetStream yet is asked again for about 20 s.
   *
   * @throws Error when the server made of the stream something else than was asked for.
   */
  ready(): Promise<void>;
  /** Whether the connection stands, as far as is known. */
  isConnected(): boolean;
  /** Which connection stands, or stood last: another number after each break. */
  connection(): number;
  /** Calls `handle` each time that the connection stands from then on, until disposed. */
  onConnect(handle: () => void): Disposable;
  /** The run of the server that the connection stands or stood with last; empty before the first. */
  serverId(): string;
  /**
   * Asks for the stream's state, makes the stream if it is gone or brings it up to date, and starts
   * consumers anew that have read further than it reaches.
   *
   * @throws ChatError `unavailable` at once while disconnected, or what the server says; Error when
   * it has made of the stream something else than was asked for.
   */
  checkStream(): Promise<StreamState>;
  /**
   * Stores a message in the stream. Within two minutes the same `id` on the same topic is stored
   * once.
   *
   * @throws ChatError `unavailable` when the server refuses, when it does not confirm within 2 s
   * (it may be stored), or when another run of it has taken over meanwhile.
   */
  publishStored(topic: string, payload: Uint8Array, id: string): Promise<Receipt>;
  /**
   * Stores messages side by side. An answer for each in its order: where it is stored, or what
   * `publishStored` would throw. Never rejects.
   */
  publishAllStored(messages: readonly ToStore[]): Promise<(Receipt | ChatError)[]>;
  /** Publishes to whoever listens now. Never stored, silently lost while disconnected. */
  publish(subject: string, payload: Uint8Array): void;
  /**
   * Calls `handle` for each message on the subject, one after another, until disposed. Of the
   * subscriptions of one `queue` only one gets each message.
   */
  subscribe(subject: string, handle: (payload: Uint8Array) => void, queue?: string): Subscription;
  readonly log: Logger;
  readonly connected: () => Promise<NatsConnection>;
  readonly manager: () => Promise<JetStreamManager>;
};

const requestTimeoutMs = 2_000;

/**
 * Opens a connection in the background and keeps it for ever: the server may come later, go away
 * and return.
 */
export function openBus(options: {
  url: string;
  name: string;
  log: Logger;
  /** False for a service that only hears what is published: it has no business with the stream. */
  declares?: boolean;
}): Bus {
  const { log } = options;
  let open: NatsConnection | undefined;
  let client: JetStreamClient | undefined;
  let publisher: ConfirmedPublisher | undefined;
  let isConnected = false;
  let connectionNumber = 0;
  const onConnect = new Set<() => void>();
  const closing = new AbortController();
  const account = accountOf(options.url);
  const connecting = connect({
    ...account,
    name: options.name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    pingInterval: 10_000,
    maxPingOut: 2,
    waitOnFirstConnect: true,
    ignoreClusterUpdates: true,
  }).then((connection) => {
    open = connection;
    client = jetstream(connection, { timeout: requestTimeoutMs });
    publisher = new ConfirmedPublisher(connection, account.inboxPrefix);
    isConnected = true;
    for (const handle of onConnect) handle();
    void watchStatus(connection, log, (connected) => {
      isConnected = connected;
      connectionNumber += 1;
      if (connected) for (const handle of onConnect) handle();
    });
    return connection;
  });
  const declare = (connection: NatsConnection) =>
    retry(
      async () => declareStream(await managerOf(connection)),
      { attempts: 40, baseMs: 100, maxMs: 1_000, retryable: mayPass },
      closing.signal,
    );
  const declared = connecting.then((connection) =>
    options.declares === false ? undefined : declare(connection),
  );
  // Whoever needs it awaits ready(); nobody may do so, and that is no crash.
  declared.catch((error: unknown) => log.error({ err: error }, "NATS stream is not usable"));

  return {
    log,
    ready: () => declared,
    connected: () => connecting,
    manager: async () => managerOf(await connecting),
    isConnected: () => isConnected,
    connection: () => connectionNumber,
    onConnect(handle) {
      onConnect.add(handle);
      return { [Symbol.dispose]: () => void onConnect.delete(handle) };
    },
    serverId: () => (open ? serverIdOf(open) : ""),
    async checkStream() {
      // What is asked while disconnected is answered by its time limit alone.
      if (!open || !isConnected) throw new ChatError("unavailable", "NATS is not connected");
      return await checkStream(open, await managerOf(open));
    },
    async publishStored(topic, payload, id) {
      // The client would keep it and send it after a reconnect, when nobody waits any more.
      if (!client || !open || !isConnected) {
        throw new ChatError("unavailable", "NATS is not connected");
      }
      const serverId = serverIdOf(open);
      try {
        const options = { msgID: id, timeout: requestTimeoutMs };
        const { seq, duplicate } = await client.publish(topic, payload, options);
        if (serverIdOf(open) !== serverId) throw new Error("the server was changed meanwhile");
        return { serverId, seq, isDuplicate: duplicate };
      } catch (error) {
        throw new ChatError("unavailable", `NATS did not confirm ${topic}`, { cause: error });
      }
    },
    async publishAllStored(messages) {
      if (!publisher || !open || !isConnected) {
        return messages.map(() => new ChatError("unavailable", "NATS is not connected"));
      }
      const serverId = serverIdOf(open);
      const answers = await publisher.publishAll(messages, requestTimeoutMs);
      const isAnother = serverIdOf(open) !== serverId;
      return answers.map((answer, index) => {
        const cause = isAnother ? new Error("the server was changed meanwhile") : answer;
        if (!(cause instanceof Error)) return { serverId, ...cause };
        const topic = messages[index]?.topic;
        return new ChatError("unavailable", `NATS did not confirm ${topic}`, { cause });
      });
    },
    publish(subject, payload) {
      if (open && !open.isClosed()) open.publish(subject, payload);
    },
    subscribe(subject, handle, queue) {
      let stopped = false;
      let stop = () => {
        stopped = true;
      };
      connecting.then((connection) => {
        if (stopped) return;
        const subscription = connection.subscribe(subject, {
          ...(queue === undefined ? {} : { queue }),
          callback: (error, message) => {
            if (error) log.error({ err: error, subject }, "subscription failed");
            else handle(message.data);
          },
        });
        stop = () => subscription.unsubscribe();
      }, reportLater);
      return { [Symbol.dispose]: () => stop() };
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Error("the bus is closing"));
      // A first connection that never came has nothing to flush; the process end closes its socket.
      if (open && !open.isClosed()) await open.drain();
    },
  };

  function reportLater(error: unknown): void {
    log.error({ err: error }, "NATS connection failed");
  }
}

function managerOf(connection: NatsConnection): Promise<JetStreamManager> {
  return jetstreamManager(connection, { timeout: requestTimeoutMs });
}

type Account = { servers: string; user?: string; pass?: string; inboxPrefix?: string };

/** The client takes no account from a URL. An account of ours may hear answers of its own alone. */
function accountOf(url: string): Account {
  const { username, password, hostname, port, protocol } = new URL(url);
  const servers = `${protocol}//${hostname}:${port || "4222"}`;
  if (username === "") return { servers };
  const user = decodeURIComponent(username);
  const inbox = busUsers.find((known) => known === user);
  return {
    servers,
    user,
    pass: decodeURIComponent(password),
    ...(inbox === undefined ? {} : { inboxPrefix: inboxPrefixOf(inbox) }),
  };
}

async function watchStatus(
  connection: NatsConnection,
  log: Logger,
  tell: (isConnected: boolean) => void,
): Promise<void> {
  for await (const { type } of connection.status()) {
    if (type === "disconnect" || type === "close") tell(false);
    if (type === "reconnect") tell(true);
    if (type === "disconnect" || type === "reconnect" || type === "error") {
      log.warn({ status: type, server: connection.getServer() }, "NATS connection");
    }
  }
}

/** Whether a server that has just started may answer otherwise soon. */
function mayPass(error: unknown): boolean {
  if (error instanceof errors.TimeoutError) return true;
  // Only Logic may make the stream; the others wait for it.
  if (error instanceof errors.PermissionViolationError) return true;
  // "JetStream is not enabled" is what a server says, too, that is still reading its store.
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof errors.RequestError && cause.isNoResponders();
}
