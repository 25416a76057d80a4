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

// Another publisher is at work, or a cluster that cannot do it: both last.
const chainAgainAfterMs = 300_000;

/**
 * Publishes messages to a stream and hears the server's confirmations on one subscription. The
 * client's own way is a request with timers and errors of its own for every message, which costs
 * Logic more than the message does.
 *
 * Several are published as a chain: each but the first is taken only behind the one before it, so
 * that the confirmations of the first and the last one are those of all. When somebody else's
 * message comes between, the rest are not taken, and all are published again, each with its own.
 */
export class ConfirmedPublisher {
  readonly #connection: NatsConnection;
  readonly #inbox: string;
  readonly #waiting = new Map<string, (answer: StoredAt | Error) => void>();
  #count = 0;
  #chainFromMs = 0;

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
    if (messages.length < 3 || performance.now() < this.#chainFromMs) {
      return await this.#publish(messages, messages, timeoutMs);
    }
    const ends = [messages[0], messages.at(-1)];
    const answers = await this.#publish(
      messages,
      ends.filter((message) => message !== undefined),
      timeoutMs,
    );
    // Without an answer nothing is known of any: whoever asks again learns which there are.
    if (answers.includes(notConfirmed)) return messages.map(() => notConfirmed);
    const [first, last] = answers;
    if (isStoredNow(first) && isStoredNow(last) && last.seq - first.seq === messages.length - 1) {
      return messages.map((_, index) => ({ seq: first.seq + index, isDuplicate: false }));
    }
    this.#chainFromMs = performance.now() + chainAgainAfterMs;
    return await this.#publish(messages, messages, timeoutMs);
  }

  /**
   * Gives the answers to `confirmed`, which are some of the messages. Where they are not all, each
   * message but the first is to be stored behind the one before it, or not at all.
   */
  async #publish(
    messages: readonly ToStore[],
    confirmed: readonly ToStore[],
    timeoutMs: number,
  ): Promise<(StoredAt | Error)[]> {
    const isChain = confirmed.length < messages.length;
    const answers = new Array<StoredAt | Error>(confirmed.length).fill(notConfirmed);
    const all = Promise.withResolvers<void>();
    const replies: string[] = [];
    let missing = confirmed.length;
    for (const [index, message] of messages.entries()) {
      const withId = headers();
      withId.set("Nats-Msg-Id", message.id);
      const before = isChain ? messages[index - 1] : undefined;
      if (before) withId.set("Nats-Expected-Last-Msg-Id", before.id);
      if (message.header) withId.set(...message.header);
      const place = replies.length;
      const reply = message === confirmed[place] ? this.#nextReply() : undefined;
      if (reply !== undefined) {
        replies.push(reply);
        this.#waiting.set(reply, (answer) => {
          answers[place] = answer;
          missing -= 1;
          if (missing === 0) all.resolve();
        });
      }
      try {
        this.#connection.publish(message.topic, message.payload, {
          headers: withId,
          ...(reply === undefined ? {} : { reply }),
        });
      } catch (cause) {
        const closed = new Error("the connection is closed", { cause });
        if (reply !== undefined) this.#settle(reply, closed);
      }
    }
    if (missing === 0) return answers;
    const timer = setTimeout(all.resolve, timeoutMs);
    await all.promise;
    clearTimeout(timer);
    for (const reply of replies) this.#waiting.delete(reply);
    return answers;
  }

  #nextReply(): string {
    return `${this.#inbox}.${(this.#count++).toString(36)}`;
  }

  /** Once: a late answer finds nobody. */
  #settle(reply: string, answer: StoredAt | Error): void {
    this.#waiting.get(reply)?.(answer);
    this.#waiting.delete(reply);
  }
}

function isStoredNow(answer: StoredAt | Error | undefined): answer is StoredAt {
  return answer !== undefined && !(answer instanceof Error) && !answer.isDuplicate;
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
