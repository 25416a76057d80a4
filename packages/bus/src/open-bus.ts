import {
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { ChatError, type Logger } from "@resonance/kit";
import { declareStream } from "./declare.ts";

export type Subscription = Disposable;

/** NATS with this system's decisions made. Disposing drains: what was published is flushed. */
export type Bus = AsyncDisposable & {
  /**
   * Settles when the first connection stands and the stream is declared.
   *
   * @throws Error when the server made of the stream something else than was asked for.
   */
  ready(): Promise<void>;
  /**
   * Stores a message in the stream. Within two minutes the same `id` on the same topic is stored
   * once.
   *
   * @throws ChatError `unavailable` when the server does not confirm within 2 s; it may be stored.
   */
  publishStored(topic: string, payload: Uint8Array, id: string): Promise<void>;
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

const publishTimeoutMs = 2_000;

/**
 * Opens a connection in the background and keeps it for ever: the server may come later, go away
 * and return.
 */
export function openBus(options: { url: string; name: string; log: Logger }): Bus {
  const { log } = options;
  let open: NatsConnection | undefined;
  let client: JetStreamClient | undefined;
  const connecting = connect({
    ...credentialsOf(options.url),
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
    client = jetstream(connection, { timeout: publishTimeoutMs });
    void logStatus(connection, log);
    return connection;
  });
  const declared = connecting.then(async (connection) => {
    await declareStream(await jetstreamManager(connection));
  });
  // Whoever needs it awaits ready(); nobody may do so, and that is no crash.
  declared.catch((error: unknown) => log.error({ err: error }, "NATS stream is not usable"));

  return {
    log,
    ready: () => declared,
    connected: () => connecting,
    manager: async () => jetstreamManager(await connecting),
    async publishStored(topic, payload, id) {
      if (!client) throw new ChatError("unavailable", "NATS is not connected");
      try {
        await client.publish(topic, payload, { msgID: id, timeout: publishTimeoutMs });
      } catch (error) {
        throw new ChatError("unavailable", `NATS did not confirm ${topic}`, { cause: error });
      }
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
      // A first connection that never came has nothing to flush; the process end closes its socket.
      if (open && !open.isClosed()) await open.drain();
    },
  };

  function reportLater(error: unknown): void {
    log.error({ err: error }, "NATS connection failed");
  }
}

/** The client takes no account from a URL. */
function credentialsOf(url: string): { servers: string; user?: string; pass?: string } {
  const { username, password, hostname, port, protocol } = new URL(url);
  const servers = `${protocol}//${hostname}:${port || "4222"}`;
  if (username === "") return { servers };
  return { servers, user: decodeURIComponent(username), pass: decodeURIComponent(password) };
}

async function logStatus(connection: NatsConnection, log: Logger): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === "disconnect" || status.type === "reconnect" || status.type === "error") {
      log.warn({ status: status.type, server: connection.getServer() }, "NATS connection");
    }
  }
}
