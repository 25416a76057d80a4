import {
  ChatService,
  DeadLetterService,
  PeopleService,
  SessionService,
  StatsService,
} from "@resonance/mq-proto/logic";
import { openRpcClient, openServiceCredential, type RpcClient } from "@resonance/rpc";

export type LogicClients = AsyncDisposable & {
  readonly chat: RpcClient<typeof ChatService>;
  readonly sessions: RpcClient<typeof SessionService>;
  readonly stats: RpcClient<typeof StatsService>;
  readonly deadLetters: RpcClient<typeof DeadLetterService>;
  readonly people: RpcClient<typeof PeopleService>;
};

/** What the bot asks Logic, in its own name. */
export function openLogicClients(config: {
  readonly RESONANCE_LOGIC_ADDRESS: string;
  readonly RESONANCE_SERVICE_KEY: Parameters<typeof openServiceCredential>[2];
}): LogicClients {
  const address = config.RESONANCE_LOGIC_ADDRESS;
  const credential = openServiceCredential("bot", "logic", config.RESONANCE_SERVICE_KEY);
  const stack = new AsyncDisposableStack();
  return {
    chat: stack.use(openRpcClient(ChatService, address, credential)),
    sessions: stack.use(openRpcClient(SessionService, address, credential)),
    stats: stack.use(openRpcClient(StatsService, address, credential)),
    deadLetters: stack.use(openRpcClient(DeadLetterService, address, credential)),
    people: stack.use(openRpcClient(PeopleService, address, credential)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
