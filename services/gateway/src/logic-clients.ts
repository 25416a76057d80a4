import {
  AuthService,
  ChatService,
  MessageBatchService,
  PresenceService,
  SessionService,
} from "@resonance/mq-proto/logic";
import { openRpcClient, type RpcClient, type ServiceCredential } from "@resonance/rpc";
import { JoinedSends } from "./joined-sends.ts";
import { MessageSender } from "./message-sender.ts";
import type { DeliveryReceiver } from "./message-stream.ts";

/** The services of Logic that the gateway calls. */
export type LogicClients = AsyncDisposable & {
  readonly auth: RpcClient<typeof AuthService>;
  readonly chat: Pick<RpcClient<typeof ChatService>, "sendMessage">;
  readonly presence: RpcClient<typeof PresenceService>;
  readonly session: RpcClient<typeof SessionService>;
};

/** Opens one client per service, so that a hung chat call never stands in the way of a sign-in. */
export function openLogicClients(
  address: string,
  credential?: ServiceCredential,
  receiver?: DeliveryReceiver,
): LogicClients {
  const stack = new AsyncDisposableStack();
  const chat = stack.use(openRpcClient(ChatService, address, credential));
  const batches = stack.use(openRpcClient(MessageBatchService, address, credential));
  return {
    auth: stack.use(openRpcClient(AuthService, address, credential)),
    chat: new JoinedSends(stack.use(new MessageSender({ batches, chat, receiver }))),
    presence: stack.use(openRpcClient(PresenceService, address, credential)),
    session: stack.use(openRpcClient(SessionService, address, credential)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
