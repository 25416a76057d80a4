import { createInbox, headers, type Msg, type NatsConnection } from "@nats-io/transport-node";

export type StoredAt = { readonly seq: number; readonly isDuplicate: boolean };

export type ToStore = {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Within two minutes the same id on the same topic is stored once. */
  readonly id: string;
  /** A header that goes with it: its name and its value of one line. */
  readonly header?: readonly [name: string, value: string];
};

/**
 * Publishes messages to a stream and hears the server's confirmations on one subscription. The
 * client's own way is a request with timers and errors of its own for every message, which costs
 * Logic more than the message does.
 */
export class ConfirmedPublisher {
  readonly #connection: NatsConnection;
  readonly #inbox: string;
  readonly #waiting = new Map<string, (answer: StoredAt | Error) => void>();
  #count = 0;

  constructor(connection: NatsConnection, inboxPrefix: string | undefined) {
    this.#connection = connection;
    this.#inbox = createInbox(inboxPrefix);
    connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (!error) this.#settle(message.subject, answerIn(message));
      },
    });
  }

  /** Settles when each message is confirmed or refused, or `timeoutMs` are over. Never rejects. */
  async publishAll(messages: readonly ToStore[], timeoutMs: number): Promise<(StoredAt | Error)[]> {
    const answers = new Array<StoredAt | Error>(messages.length).fill(notConfirmed);
    const all = Promise.withResolvers<void>();
    const replies: string[] = [];
    let missing = messages.length;
    for (const [index, message] of messages.entries()) {
      const reply = `${this.#inbox}.${(this.#count++).toString(36)}`;
      replies.push(reply);
      this.#waiting.set(reply, (answer) => {
        answers[index] = answer;
        missing -= 1;
        if (missing === 0) all.resolve();
      });
      const withId = headers();
      withId.set("Nats-Msg-Id", message.id);
      if (message.header) withId.set(...message.header);
      try {
        this.#connection.publish(message.topic, message.payload, { reply, headers: withId });
      } catch (cause) {
        this.#settle(reply, new Error("the connection is closed", { cause }));
      }
    }
    if (missing === 0) return answers;
    const timer = setTimeout(all.resolve, timeoutMs);
    await all.promise;
    clearTimeout(timer);
    for (const reply of replies) this.#waiting.delete(reply);
    return answers;
  }

  /** Once: a late answer finds nobody. */
  #settle(reply: string, answer: StoredAt | Error): void {
    this.#waiting.get(reply)?.(answer);
    this.#waiting.delete(reply);
  }
}

const notConfirmed = new Error("no confirmation in time");

/** The server's JSON, or its word that no stream listens. */
function answerIn(message: Msg): StoredAt | Error {
  if (message.headers?.code === 503) return new Error("no stream takes this topic");
  try {
    // What a JetStream server answers to a publish.
    const answer = message.json<{
      seq?: number;
      duplicate?: boolean;
      error?: { description?: string };
    }>();
    if (answer.error) return new Error(answer.error.description ?? "refused");
    if (typeof answer.seq !== "number") return new Error("a confirmation without a sequence");
    return { seq: answer.seq, isDuplicate: answer.duplicate === true };
  } catch (cause) {
    return new Error("a confirmation that cannot be read", { cause });
  }
}
