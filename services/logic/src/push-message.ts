import type { MessageInitShape } from "@bufbuild/protobuf";
import type { PushMessageSchema } from "@resonance/mq-proto/gateway";
import { chosenClientMsgId } from "./chosen-client-msg-id.ts";
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
    // Lets a client know a message of its own whose Ack it never saw.
    clientMsgId: chosenClientMsgId(row.clientMsgId ?? ""),
    timestamp: BigInt(Math.floor(row.createdAt.getTime() / 1_000)),
  };
}
