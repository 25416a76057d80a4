import { type DescMessage, getOption, hasOption } from "@bufbuild/protobuf";
import { default_topic } from "./gen/common/v1/options_pb.ts";

/**
 * The NATS subject that messages of this type are published on, as its `default_topic` option
 * (50001) says: `topicOf(BotEventSchema)` is `"resonance.bot.event.v1"`.
 *
 * @throws TypeError for a message without the option: it is not meant for the bus.
 */
export function topicOf(schema: DescMessage): string {
  const known = topics.get(schema);
  if (known !== undefined) return known;
  // getOption answers "" for a missing option, and publishing on "" fails far from the cause.
  if (!hasOption(schema, default_topic)) {
    throw new TypeError(`${schema.typeName} has no default_topic`);
  }
  const topic = getOption(schema, default_topic);
  topics.set(schema, topic);
  return topic;
}

/** Reading an option decodes it, and services ask for every message. */
const topics = new Map<DescMessage, string>();
