import { setTimeout as delay } from "node:timers/promises";
import type { ConsumerMessages } from "@nats-io/jetstream";
import { jetstream } from "@nats-io/jetstream";
import type { Subscription } from "@nats-io/transport-node";
import { retry } from "@resonance/kit";
import { declareConsumer, declareStream, streamName } from "./declare.ts";
import { Deliveries, type StoredMessage } from "./deliveries.ts";
import type { Bus } from "./open-bus.ts";

export type BatchOptions = {
  /** The consumer's name: all processes that share it share the work. */
  readonly durable: string;
  readonly topic: string;
  readonly maxMessages: number;
  /** A message that is neither acknowledged nor reported as being worked on comes again. */
  readonly ackWaitMs: number;
  /** How many may be out at once over all processes. */
  readonly maxAckPending: number;
  /** Called once, when the consumer is declared and asks for messages. */
  readonly onOpen?: (() => void) | undefined;
};

/**
 * Yields what has arrived since the last batch, at once and at most `maxMessages` of it. Up to
 * `maxAckPending` messages may wait, each once. Survives server restarts; a consumer or stream that
 * vanished is declared again. Ends when aborted.
 *
 * @throws Error when the consumer cannot be declared at first, or the server makes of the stream or
 * the consumer something else than was asked for.
 */
export async function* batches(
  bus: Bus,
  options: BatchOptions,
  signal: AbortSignal,
): AsyncGenerator<StoredMessage[], void, undefined> {
  await bus.ready();
  const waiting: StoredMessage[] = [];
  let wake: () => void = () => undefined;
  const arrive = (message: StoredMessage) => {
    waiting.push(message);
    wake();
  };
  const first = await openFirst(bus, options, arrive, signal);
  if (!first) return;
  options.onOpen?.();
  const stop = new AbortController();
  const end = () => {
    stop.abort();
    wake();
  };
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  const pulling = keepPulling(bus, options, first, arrive, stop.signal);
  try {
    while (!signal.aborted) {
      if (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      yield waiting.splice(0, options.maxMessages);
    }
  } finally {
    signal.removeEventListener("abort", end);
    end();
    await pulling;
    // What was fetched and not yielded goes back at once instead of after ackWaitMs.
    for (const message of waiting) message.nak();
  }
}

type Pull = { readonly messages: ConsumerMessages; readonly deliveries: Deliveries };

// Two missed heartbeats of half this time make the client ask again after a server has lost it.
const pullMs = 5_000;
const settleMs = 200;
const opening = { attempts: 5, baseMs: 100, maxMs: 1_000, retryable: () => true };

/** Gives undefined when aborted. */
async function openFirst(
  bus: Bus,
  options: BatchOptions,
  arrive: (message: StoredMessage) => void,
  signal: AbortSignal,
): Promise<Pull | undefined> {
  try {
    // More than once: somebody may delete the stream at this very moment.
    return await retry(() => openPull(bus, options, arrive), opening, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

async function openPull(
  bus: Bus,
  options: BatchOptions,
  arrive: (message: StoredMessage) => void,
): Promise<Pull> {
  const manager = await bus.manager();
  await declareStream(manager);
  await declareConsumer(manager, options);
  const consumer = await jetstream(await bus.connected()).consumers.get(
    streamName,
    options.durable,
  );
  const deliveries = new Deliveries(() => bus.serverId());
  const messages = await consumer.consume({
    max_messages: options.maxMessages,
    expires: pullMs,
    callback: (message) => {
      const taken = deliveries.take(message);
      if (taken) arrive(taken);
    },
  });
  return { messages, deliveries };
}

/** Opens the pull again whenever its consumer has vanished, until aborted. Never rejects. */
async function keepPulling(
  bus: Bus,
  options: BatchOptions,
  first: Pull,
  arrive: (message: StoredMessage) => void,
  signal: AbortSignal,
): Promise<void> {
  let pull: Pull | undefined = first;
  while (!signal.aborted) {
    if (pull) {
      if (await isLost(pull.messages, signal)) pull.deliveries.lose();
      pull = undefined;
      continue;
    }
    bus.log.warn({ durable: options.durable }, "the NATS consumer is gone; declaring it again");
    pull = await openPullAgain(bus, options, arrive, signal);
  }
  pull?.messages.stop();
}

async function openPullAgain(
  bus: Bus,
  options: BatchOptions,
  arrive: (message: StoredMessage) => void,
  signal: AbortSignal,
): Promise<Pull | undefined> {
  try {
    // The consumer of a stream that is being deleted goes first.
    await delay(settleMs, undefined, { signal });
    return await retry(() => openPull(bus, options, arrive), opening, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    bus.log.error({ err: error, durable: options.durable }, "cannot declare the NATS consumer");
    return undefined;
  }
}

const lost: readonly string[] = ["consumer_deleted", "consumer_not_found", "stream_not_found"];

/** Resolves when the consumer is gone, or with false when aborted, with the pull stopped. */
async function isLost(messages: ConsumerMessages, signal: AbortSignal): Promise<boolean> {
  const stop = () => void stopGently(messages);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    // Ends when the pull is stopped.
    for await (const status of messages.status()) {
      if (lost.includes(status.type)) return true;
    }
    return !signal.aborted;
  } finally {
    signal.removeEventListener("abort", stop);
    messages.stop();
  }
}

const lastMessagesWithinMs = 1_000;

/**
 * Stops a pull after what the server has sent has arrived: `stop` alone drops it, and it would come
 * again only after ackWaitMs.
 */
async function stopGently(messages: ConsumerMessages): Promise<void> {
  // The client drains its subscriptions with the connection only; this field of its own is the one.
  const { sub } = messages as unknown as { sub: Subscription };
  const giveUp = delay(lastMessagesWithinMs, undefined, { ref: false });
  // Without a connection there is nothing to wait for.
  await Promise.race([sub.drain(), giveUp]).catch(() => undefined);
  messages.stop();
}
