import type { MessageInitShape } from "@bufbuild/protobuf";
import { ChatError, createLogger } from "@resonance/kit";
import type { PushMessageSchema } from "@resonance/mq-proto/gateway";
import {
  ChatService,
  DeadLetterService,
  type SendMessageRequest,
  SessionService,
  StatsService,
} from "@resonance/mq-proto/logic";
import { implement, openRpcServer } from "@resonance/rpc";

export type Said = MessageInitShape<typeof PushMessageSchema>;

const absent = () => Promise.reject(new ChatError("not_found", "the bot does not call this"));
/** What a bot never asks of sessions. */
export const notHere = {
  getSessionList: absent,
  createSession: absent,
  getRecentMessages: absent,
  pullInboxDelta: absent,
  getContactList: absent,
  searchUser: absent,
  updateReadPosition: absent,
};

/** Logic as the bot sees it: stores each client id once, and keeps every request it was sent. */
export class FakeLogic {
  readonly requests: SendMessageRequest[] = [];
  readonly stored = new Map<string, SendMessageRequest>();
  readonly deadLetters: string[] = [];
  counted: { fromMs: bigint; untilMs: bigint } | undefined;
  /** What it answers instead of storing. */
  refuse: string | undefined;
  /** Told of each request before it is looked at. */
  onSend: () => void = () => undefined;
  readonly #said: readonly Said[];

  /** @param said what people have said; may grow */
  constructor(said: readonly Said[]) {
    this.#said = said;
  }

  async open(port: number): Promise<AsyncDisposable> {
    return await openRpcServer({
      listen: { host: "127.0.0.1", port },
      callers: "anybody",
      log: createLogger("test", "silent"),
      services: [
        implement(ChatService, { sendMessage: async (request) => this.#send(request) }),
        implement(SessionService, {
          ...notHere,
          getHistoryMessages: async ({ sessionId, beforeSeq, limit }) => ({
            messages: this.#said
              .filter((message) => message.sessionId === sessionId)
              .filter(({ seqId }) => beforeSeq === 0n || (seqId ?? 0n) < beforeSeq)
              .slice(-Number(limit)),
          }),
        }),
        implement(DeadLetterService, {
          recordDeadLetter: async ({ topic, payload }) => {
            this.deadLetters.push(`${topic} ${Buffer.from(payload).toString("hex")}`);
            return { id: 1n };
          },
        }),
        implement(StatsService, {
          countMessages: async ({ fromMs, untilMs }) => {
            this.counted = { fromMs, untilMs };
            return { total: 42n, fromPeople: 30n, fromBots: 11n, fromSystem: 1n };
          },
          getSystemStatus: async () => ({ unknown: [] }),
        }),
      ],
    });
  }

  answersTo(msgId: bigint): SendMessageRequest[] {
    return this.requests.filter(({ clientMsgId }) => clientMsgId === `answer:${msgId}`);
  }

  /** What is stored as the answer to a question. */
  answerTo(msgId: bigint): string | undefined {
    return this.stored.get(`answer:${msgId}`)?.content;
  }

  #send(request: SendMessageRequest) {
    this.onSend();
    this.requests.push(request);
    if (this.refuse !== undefined) return { error: "no", errorReason: this.refuse };
    const before = this.stored.get(request.clientMsgId);
    if (before && before.content !== request.content) {
      return { error: "used for another message", errorReason: "client_msg_id_conflict" };
    }
    this.stored.set(request.clientMsgId, request);
    return { msgId: 1n, seqId: 1n };
  }
}
