import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import { topicOf } from "@resonance/mq-proto";
import { batches } from "./batches.ts";
import type { StoredMessage } from "./deliveries.ts";
import type { Bus } from "./open-bus.ts";

export type ConsumeOptions<Desc extends DescMessage> = {
  readonly schema: Desc;
  readonly durable: string;
  /** How many handlers run at once in this process. */
  readonly concurrency: number;
  /** Messages of one key are handled one after another, in the order of arrival. */
  readonly keyOf: (message: MessageShape<Desc>) => string;
  /** While a handler runs this is extended, so it bounds only how long a dead worker is noticed. */
  readonly ackWaitMs: number;
  /** Told of a payload that cannot be decoded. It is taken off the stream when this resolves. */
  readonly onPoison: (payload: Uint8Array, cause: unknown, deliveryCount: number) => Promise<void>;
  /** Called once, when the consumer is declared and asks for messages. */
  readonly onOpen?: () => void;
};

const longestDelayMs = 30_000;

/**
 * Handles each message of a topic until aborted, then waits for the running handlers. A message is
 * acknowledged after its handler resolves; when it throws, the message comes again after 1 s, 2 s,
 * 4 s, at most 30 s.
 */
export async function consume<Desc extends DescMessage>(
  bus: Bus,
  options: ConsumeOptions<Desc>,
  handle: (message: MessageShape<Desc>, deliveryCount: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const lastOfKey = new Map<string, Promise<void>>();
  const running = new Set<Promise<void>>();
  const source = batches(
    bus,
    {
      durable: options.durable,
      topic: topicOf(options.schema),
      maxMessages: options.concurrency,
      ackWaitMs: options.ackWaitMs,
      maxAckPending: 1_000,
      onOpen: options.onOpen,
    },
    signal,
  );
  for await (const batch of source) {
    for (const stored of batch) {
      while (running.size >= options.concurrency) await Promise.race(running);
      const message = await decode(options, stored, bus);
      if (!message) continue;
      const key = options.keyOf(message);
      const before = lastOfKey.get(key) ?? Promise.resolve();
      // Inside handleOne, so that waiting for its turn does not bring the message a second time.
      const run = handleOne(bus, options.ackWaitMs, stored, async () => {
        await before;
        await handle(message, stored.deliveryCount);
      });
      lastOfKey.set(key, run);
      running.add(run);
      void run.then(() => {
        running.delete(run);
        if (lastOfKey.get(key) === run) lastOfKey.delete(key);
      });
    }
  }
  await Promise.all(running);
}

async function decode<Desc extends DescMessage>(
  options: ConsumeOptions<Desc>,
  stored: StoredMessage,
  bus: Bus,
): Promise<MessageShape<Desc> | undefined> {
  try {
    return fromBinary(options.schema, stored.payload);
  } catch (cause) {
    try {
      await options.onPoison(stored.payload, cause, stored.deliveryCount);
      stored.ack();
    } catch (error) {
      bus.log.error({ err: error }, "cannot record an undecodable event; it comes again");
      stored.nak(longestDelayMs);
    }
    return undefined;
  }
}

/** Never rejects: a failed handler is logged and its message comes again. */
async function handleOne(
  bus: Bus,
  ackWaitMs: number,
  stored: StoredMessage,
  handle: () => Promise<void>,
): Promise<void> {
  const heartbeat = setInterval(() => stored.working(), ackWaitMs / 3);
  try {
    await handle();
    stored.ack();
  } catch (error) {
    const delayMs = Math.min(longestDelayMs, 1_000 * 2 ** (stored.deliveryCount - 1));
    bus.log.error(
      { err: error, deliveryCount: stored.deliveryCount, delayMs },
      "event comes again",
    );
    stored.nak(delayMs);
  } finally {
    clearInterval(heartbeat);
  }
}
