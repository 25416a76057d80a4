import type { MessageInitShape } from "@bufbuild/protobuf";
import type { SendMessagesRequest, SendMessagesResponseSchema } from "@resonance/mq-proto/logic";
import type { Exchange } from "@resonance/rpc";

export type BatchResponse = MessageInitShape<typeof SendMessagesResponseSchema>;

/**
 * Answers the batches of an open call side by side, as Logic does, until the caller ends it. When
 * an answer throws, the call fails. A server that stops says so.
 */
export async function serveBatches(
  { requests, respond, stopping }: Exchange<SendMessagesRequest, BatchResponse>,
  answer: (request: SendMessagesRequest) => AsyncIterable<BatchResponse>,
): Promise<void> {
  // A call that is cut meanwhile has nobody to go away from.
  const goAway = () => void respond({ goesAway: true }).catch(() => undefined);
  stopping.addEventListener("abort", goAway, { once: true });
  const broken = Promise.withResolvers<void>();
  const one = async (request: SendMessagesRequest) => {
    for await (const response of answer(request)) {
      await respond({ ...response, batch: request.batch });
    }
  };
  const all = async () => {
    const running: Promise<void>[] = [];
    for await (const request of requests) running.push(one(request).catch(broken.reject));
    await Promise.all(running);
  };
  await Promise.race([all(), broken.promise]);
}
