import type { MessageInitShape } from "@bufbuild/protobuf";
import { ChatError } from "@resonance/kit";
import type { PushRequest, PushResponseSchema } from "@resonance/mq-proto/gateway";
import { type DeliverDeps, deliver } from "./deliver.ts";

/**
 * PushService.Push, for a Task that knows this gateway by its address.
 *
 * @throws ChatError `invalid_argument` for a request without a message.
 */
export async function push(
  deps: Pick<DeliverDeps, "connections" | "metrics">,
  request: PushRequest,
): Promise<MessageInitShape<typeof PushResponseSchema>> {
  const { message, toUsernames } = request;
  if (!message) throw new ChatError("invalid_argument", "the push request has no message");
  const failedUsernames = deliver(deps, {
    toUsernames,
    payload: { case: "message", value: message },
  });
  return { msgId: message.msgId, failedUsernames };
}
