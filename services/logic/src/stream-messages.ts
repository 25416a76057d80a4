import type { MessageInitShape } from "@bufbuild/protobuf";
import type { SendMessagesRequest, SendMessagesResponseSchema } from "@resonance/mq-proto/logic";
import type { Exchange, ServiceName } from "@resonance/rpc";
import type { AnswerSendDeps } from "./answer-send.ts";
import { GatewayCall, type GatewayCalls } from "./gateway-calls.ts";
import { sendMessages } from "./send-messages.ts";

type Response = MessageInitShape<typeof SendMessagesResponseSchema>;

// Who does not read the answers is not read any more.
const maxBatches = 1_000;

/**
 * Sends batches of messages side by side as they come, until the caller says that no more come, and
 * resolves when all are answered. When Logic stops it asks the caller to go elsewhere.
 */
export async function streamMessages(
  deps: AnswerSendDeps & { readonly gatewayCalls: GatewayCalls },
  { requests, respond, stopping }: Exchange<SendMessagesRequest, Response>,
  caller: ServiceName | undefined,
): Promise<void> {
  using open = new DisposableStack();
  const call = new GatewayCall(respond);
  const running = new Set<Promise<void>>();
  const answer = async (request: SendMessagesRequest) => {
    for await (const { answers = [] } of sendMessages(deps, request, caller)) {
      await call.respond({ batch: request.batch, answers });
    }
  };
  // A call that is cut meanwhile has nobody to go away from.
  const goAway = () => void call.respond({ goesAway: true }).catch(() => undefined);
  stopping.addEventListener("abort", goAway, { once: true });
  if (stopping.aborted) goAway();
  try {
    for await (const request of requests) {
      if (request.gatewayId !== "") open.use(deps.gatewayCalls.add(request.gatewayId, call));
      if (request.deliveries !== undefined) call.told(request.deliveries);
      if (request.messages.length === 0) continue;
      // The messages are stored whether or not anybody hears of it.
      const run = answer(request).catch(() => undefined);
      running.add(run);
      void run.then(() => running.delete(run));
      if (running.size >= maxBatches) await Promise.race(running);
    }
    open.dispose();
    await Promise.all(running);
  } finally {
    stopping.removeEventListener("abort", goAway);
  }
}
