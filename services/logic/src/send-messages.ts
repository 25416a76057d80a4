import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type BatchedAnswerSchema,
  SendMessageRequestSchema,
  type SendMessagesRequest,
  type SendMessagesResponseSchema,
} from "@resonance/mq-proto/logic";
import type { ServiceName } from "@resonance/rpc";
import { type AnswerSendDeps, answerSend } from "./answer-send.ts";

/**
 * Sends messages, each for itself, in their order. Yields what was settled since the last answer,
 * so that a message that waits for a lock holds up no other.
 */
export async function* sendMessages(
  deps: AnswerSendDeps,
  { messages }: SendMessagesRequest,
  caller: ServiceName | undefined,
): AsyncGenerator<MessageInitShape<typeof SendMessagesResponseSchema>, void, undefined> {
  let settled: MessageInitShape<typeof BatchedAnswerSchema>[] = [];
  let next = Promise.withResolvers<void>();
  for (const [index, { request, traceId }] of messages.entries()) {
    const sent = request ?? create(SendMessageRequestSchema);
    void answerSend(deps, sent, { caller, traceId }).then((response) => {
      settled.push({ index, response });
      next.resolve();
    });
  }
  for (let answered = 0; answered < messages.length; ) {
    await next.promise;
    const answers = settled;
    settled = [];
    next = Promise.withResolvers<void>();
    answered += answers.length;
    yield { answers };
  }
}
