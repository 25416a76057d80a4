import { connect } from "@nats-io/transport-node";
import { BotEventSchema, PushEventSchema, topicOf } from "@resonance/mq-proto";

/** What goes into the stream, and what the stream answers. */
export type PublishSpy = AsyncDisposable & {
  /** The messages of which an event has been published by now. */
  published(): Promise<ReadonlySet<string>>;
  /** Whether an event of this message was published and the stream said that it has it already. */
  isDuplicate(msgId: string): boolean;
};

/** Listens beside the stream until disposed. */
export async function openPublishSpy(natsUrl: string): Promise<PublishSpy> {
  const connection = await connect({ servers: natsUrl });
  const published = new Set<string>();
  /** Messages by where their events' confirmations go; several may share one. */
  const confirmed = new Map<string, string>();
  const duplicates = new Set<string>();
  for (const schema of [PushEventSchema, BotEventSchema]) {
    connection.subscribe(topicOf(schema), {
      callback: (error, { reply, headers }) => {
        // <topic>:<msgId>:<checksum>
        const [, msgId] = headers?.get("Nats-Msg-Id").split(":") ?? [];
        if (error || msgId === undefined) return;
        published.add(msgId);
        if (reply !== undefined && reply !== "") confirmed.set(reply, msgId);
      },
    });
  }
  connection.subscribe("_INBOX.>", {
    callback: (error, message) => {
      const msgId = confirmed.get(message.subject);
      if (error || msgId === undefined) return;
      if (message.json<{ duplicate?: boolean }>().duplicate) duplicates.add(msgId);
    },
  });
  await connection.flush();
  return {
    async published() {
      await connection.flush();
      return new Set(published);
    },
    isDuplicate: (msgId) => duplicates.has(msgId),
    [Symbol.asyncDispose]: () => connection.close(),
  };
}
