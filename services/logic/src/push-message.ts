import type { MessageInitShape } from "@bufbuild/protobuf";
import type { PushMessageSchema } from "@resonance/mq-proto/gateway";
import type { StoredMessage } from "./sql/messages.ts";

/** A stored message as clients receive it. */
export function pushMessage(row: StoredMessage): MessageInitShape<typeof PushMessageSchema> {
  return {
    msgId: row.msgId,
    seqId: row.seqId,
    sessionId: row.sessionId,
    fromUsername: row.sender,
    content: row.content,
    type: row.type,
    timestamp: BigInt(Math.floor(row.createdAt.getTime() / 1_000)),
  };
}
