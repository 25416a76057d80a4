import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type PushMessage, PushMessageSchema } from "@resonance/mq-proto/gateway";

/** A message for tests: only what the test is about need be given. */
export function buildMessage(fields: MessageInitShape<typeof PushMessageSchema>): PushMessage {
  return create(PushMessageSchema, {
    sessionId: "single:alice:bob",
    fromUsername: "bob",
    content: `message ${fields.seqId ?? 1n}`,
    type: "text",
    ...fields,
  });
}
