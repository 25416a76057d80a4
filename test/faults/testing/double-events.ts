import { randomUUID } from "node:crypto";
import { jetstream } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { BotEventSchema, PushEventSchema, topicOf } from "@resonance/mq-proto";

/** Publishes each event a second time, under another id, until disposed. */
export async function doubleEvents(
  natsUrl: string,
): Promise<AsyncDisposable & { readonly doubled: number }> {
  const connection = await connect({ servers: natsUrl });
  const client = jetstream(connection);
  const publishing = new Set<Promise<unknown>>();
  let doubled = 0;
  for (const schema of [PushEventSchema, BotEventSchema]) {
    connection.subscribe(topicOf(schema), {
      callback: (error, { subject, data, headers }) => {
        // A copy comes by here as well.
        if (error || headers?.get("Nats-Msg-Id").startsWith("copy:")) return;
        doubled += 1;
        const copy = client
          .publish(subject, data, { msgID: `copy:${randomUUID()}` })
          .finally(() => publishing.delete(copy));
        publishing.add(copy);
      },
    });
  }
  await connection.flush();
  return {
    get doubled() {
      return doubled;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(publishing);
      await connection.close();
    },
  };
}
