import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import { ChatError, type Logger } from "@resonance/kit";
import { BotEventSchema, PushEventSchema, topicOf } from "@resonance/mq-proto";
import type {
  RecordDeadLetterRequest,
  RecordDeadLetterResponseSchema,
} from "@resonance/mq-proto/logic";
import { insertDeadLetter } from "./sql/dead-letters.ts";

const topics: readonly string[] = [PushEventSchema, BotEventSchema].map(topicOf);

/**
 * Keeps an event that its consumer cannot handle. Resolves when that is durable.
 *
 * @throws ChatError `invalid_argument` for a topic that nobody could replay it on.
 */
export async function recordDeadLetter(
  deps: { db: Queryable; log: Logger; metrics: { deadLetter(): void } },
  request: RecordDeadLetterRequest,
): Promise<MessageInitShape<typeof RecordDeadLetterResponseSchema>> {
  const { topic, payload, cause, deliveryCount } = request;
  if (!topics.includes(topic)) {
    throw new ChatError("invalid_argument", `no topic of stored events: ${JSON.stringify(topic)}`);
  }
  const id = await insertDeadLetter(deps.db, { topic, payload, cause, deliveryCount });
  deps.metrics.deadLetter();
  deps.log.error({ id: `${id}`, topic, cause }, "an event is set aside in t_dead_letter");
  return { id };
}
