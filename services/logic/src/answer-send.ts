import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Logger, toChatError } from "@resonance/kit";
import type { SendMessageRequest, SendMessageResponseSchema } from "@resonance/mq-proto/logic";
import type { ServiceName } from "@resonance/rpc";
import type { MessageStore } from "./message-store.ts";
import type { SendMetrics } from "./metrics.ts";
import { sendMessage } from "./send-message.ts";
import { speakerOf } from "./speaks-for.ts";

export type AnswerSendDeps = {
  readonly messageStore: MessageStore;
  readonly sendMetrics: SendMetrics;
  readonly log: Logger;
};

/**
 * Sends a message and says what became of it. Never rejects: the contract reports a refusal in the
 * response, and gateways put it into the Ack.
 */
export function answerSend(
  deps: AnswerSendDeps,
  request: SendMessageRequest,
  context: { readonly caller: ServiceName | undefined; readonly traceId: string | undefined },
): Promise<MessageInitShape<typeof SendMessageResponseSchema>> {
  return deps.sendMetrics.observe(async () => {
    try {
      return await sendMessage(deps.messageStore, request, speakerOf(context.caller));
    } catch (error) {
      const { code, message, reason } = toChatError(error);
      if (code === "internal") {
        deps.log.error({ err: error, traceId: context.traceId }, "send failed");
      }
      return { error: message, errorReason: reason };
    }
  });
}
