import type { MessageInitShape } from "@bufbuild/protobuf";
import { storedAtMs } from "@resonance/mq-proto";
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
    timestamp: BigInt(Math.floor(timeMsOf(row) / 1_000)),
  };
}

/** A row that none of our services has written may have no time, or zeros for one. */
function timeMsOf({ createdAt, msgId }: StoredMessage): number {
  const timeMs = createdAt?.getTime() ?? Number.NaN;
  return Number.isNaN(timeMs) ? storedAtMs(msgId) : timeMs;
}
