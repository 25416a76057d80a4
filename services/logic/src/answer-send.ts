import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Logger, type Tracing, toChatError } from "@resonance/kit";
import { questionOfAnswer } from "@resonance/mq-proto";
import type { SendMessageRequest, SendMessageResponseSchema } from "@resonance/mq-proto/logic";
import type { ServiceName } from "@resonance/rpc";
import type { MessageStore } from "./message-store.ts";
import type { SendMetrics } from "./metrics.ts";
import { sendMessage } from "./send-message.ts";
import { speakerOf } from "./speaks-for.ts";

export type AnswerSendDeps = {
  readonly messageStore: MessageStore;
  readonly sendMetrics: SendMetrics;
  readonly tracing?: Tracing | undefined;
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
  const startMs = deps.tracing ? Date.now() : 0;
  return deps.sendMetrics.observe(async () => {
    try {
      const stored = await sendMessage(deps.messageStore, request, speakerOf(context.caller));
      if (deps.tracing) recordStore(deps.tracing, request, stored.msgId, startMs);
      return stored;
    } catch (error) {
      const { code, message, reason } = toChatError(error);
      if (code === "internal") {
        deps.log.error({ err: error, traceId: context.traceId }, "send failed");
      }
      return { error: message, errorReason: reason };
    }
  });
}

/** A bot's answer belongs to its question's trace. */
function recordStore(
  tracing: Tracing,
  { clientMsgId }: SendMessageRequest,
  msgId: bigint,
  startMs: number,
): void {
  const question = questionOfAnswer(clientMsgId);
  const common = { name: "logic.store", kind: "server", startMs, attributes: {} } as const;
  tracing.record(
    question === undefined
      ? { ...common, traceOf: msgId, key: "store", parent: "message" }
      : { ...common, traceOf: question, key: "store_answer", parent: "answer" },
  );
}
