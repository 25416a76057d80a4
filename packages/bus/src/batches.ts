import type { ConsumerMessages, JsMsg } from "@nats-io/jetstream";
import { jetstream } from "@nats-io/jetstream";
import { retry } from "@resonance/kit";
import { declareConsumer, declareStream, streamName } from "./declare.ts";
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
};

/** One delivery. `ack` or `nak` ends it; without either it comes again. */
export type StoredMessage = {
  readonly payload: Uint8Array;
  /** From 1. */
  readonly deliveryCount: number;
  ack(): void;
  /** Comes again, after `delayMs`. */
  nak(delayMs: number): void;
  /** Postpones redelivery by another `ackWaitMs`. */
  working(): void;
};

/**
 * Yields what has arrived since the last batch, at once and at most `maxMessages` of it. Survives
 * server restarts; a consumer or stream that vanished is declared again. Ends when aborted.
 */
export async function* batches(
  bus: Bus,
  options: BatchOptions,
  signal: AbortSignal,
): AsyncGenerator<StoredMessage[], void, undefined> {
  await bus.ready();
  const waiting: JsMsg[] = [];
  let wake: () => void = () => undefined;
  const messages = await open(bus, options, (message) => {
    waiting.push(message);
    wake();
  });
  const stop = () => {
    messages.stop();
    wake();
  };
  signal.addEventListener("abort", stop, { once: true });
  const watching = redeclareWhenLost(bus, options, messages, signal);
  try {
    while (!signal.aborted) {
      if (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      yield waiting.splice(0, options.maxMessages).map(storedMessage);
    }
  } finally {
    signal.removeEventListener("abort", stop);
    messages.stop();
    // What was fetched and not yielded goes back at once instead of after ackWaitMs.
    for (const message of waiting) message.nak();
    await watching;
  }
}

// Two missed heartbeats of half this time make the client ask again after a server has lost it.
const pullMs = 5_000;

async function open(
  bus: Bus,
  options: BatchOptions,
  callback: (message: JsMsg) => void,
): Promise<ConsumerMessages> {
  await declareConsumer(await bus.manager(), options);
  const consumer = await jetstream(await bus.connected()).consumers.get(
    streamName,
    options.durable,
  );
  return await consumer.consume({ max_messages: options.maxMessages, expires: pullMs, callback });
}

const lost: readonly string[] = ["consumer_deleted", "consumer_not_found", "stream_not_found"];

async function redeclareWhenLost(
  bus: Bus,
  options: BatchOptions,
  messages: ConsumerMessages,
  signal: AbortSignal,
): Promise<void> {
  for await (const status of messages.status()) {
    if (signal.aborted) return;
    if (!lost.includes(status.type)) continue;
    const redeclare = async () => {
      const manager = await bus.manager();
      await declareStream(manager);
      await declareConsumer(manager, options);
    };
    try {
      await retry(
        redeclare,
        { attempts: 5, baseMs: 100, maxMs: 1_000, retryable: () => true },
        signal,
      );
    } catch (error) {
      // The status comes again until the consumer is there, and with it the next attempt.
      bus.log.warn(
        { err: error, durable: options.durable },
        "cannot declare the NATS consumer again",
      );
    }
  }
}

function storedMessage(message: JsMsg): StoredMessage {
  return {
    payload: message.data,
    deliveryCount: message.info.deliveryCount,
    ack: () => message.ack(),
    nak: (delayMs) => message.nak(delayMs),
    working: () => message.working(),
  };
}
