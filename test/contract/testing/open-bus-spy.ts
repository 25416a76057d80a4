import { fromBinary } from "@bufbuild/protobuf";
import {
  type BotEvent,
  BotEventSchema,
  type PushEvent,
  PushEventSchema,
} from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { connectNats } from "../../testing/connect-nats.ts";
import { bytesOf, toHex } from "./golden.ts";

export const pushTopic = "resonance.push.event.v1";
export const botTopic = "resonance.bot.event.v1";

type Spied = { readonly hex: string; readonly headers: readonly string[] };

export type SpiedPush = Spied & { readonly topic: typeof pushTopic; readonly event: PushEvent };
export type SpiedBot = Spied & { readonly topic: typeof botTopic; readonly event: BotEvent };

/** Sees what is published, and publishes. */
export type BusSpy = AsyncDisposable & {
  /** What came on the two topics, in the order of arrival. */
  readonly events: readonly (SpiedPush | SpiedBot)[];
  /** Waits for the first event of this message on the topic. */
  pushOf(msgId: bigint): Promise<SpiedPush>;
  botOf(msgId: bigint): Promise<SpiedBot>;
  publish(topic: string, hex: string): Promise<void>;
  /** Payloads on any other subject, as hex, from now on. */
  listen(subject: string): Promise<readonly string[]>;
};

export async function openBusSpy(natsUrl: string): Promise<BusSpy> {
  const nats = await connectNats(natsUrl);
  const events: (SpiedPush | SpiedBot)[] = [];
  for (const topic of [pushTopic, botTopic] as const) {
    nats.subscribe(topic, {
      callback: (_error, { data, headers }) => {
        const spied = { hex: toHex(data), headers: [...(headers?.keys() ?? [])] };
        if (topic === pushTopic) {
          events.push({ ...spied, topic, event: fromBinary(PushEventSchema, data) });
        } else {
          events.push({ ...spied, topic, event: fromBinary(BotEventSchema, data) });
        }
      },
    });
  }
  await nats.flush();
  const find = <Found extends SpiedPush | SpiedBot>(topic: Found["topic"], msgId: bigint) =>
    eventually(
      () => {
        const found = events.find((spied) => spied.topic === topic && spied.event.msgId === msgId);
        if (!found) throw new Error(`${msgId} is not on ${topic}`);
        // The topic decides the type.
        return found as Found;
      },
      { timeoutMs: 10_000 },
    ) as Promise<Found>;
  return {
    events,
    pushOf: (msgId) => find<SpiedPush>(pushTopic, msgId),
    botOf: (msgId) => find<SpiedBot>(botTopic, msgId),
    async publish(topic, hex) {
      nats.publish(topic, bytesOf(hex));
      await nats.flush();
    },
    async listen(subject) {
      const payloads: string[] = [];
      nats.subscribe(subject, {
        callback: (_error, { data }) => {
          payloads.push(toHex(data));
        },
      });
      await nats.flush();
      return payloads;
    },
    [Symbol.asyncDispose]: () => nats.close(),
  };
}
