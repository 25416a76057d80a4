import type { MessageInitShape } from "@bufbuild/protobuf";
import { createLogger } from "@resonance/kit";
import {
  AuthService,
  ChatService,
  type LoginRequest,
  MessageBatchService,
  PresenceService,
  type RevocationSchema,
  type SendMessageRequest,
  type SendMessageResponseSchema,
  type SendMessagesRequest,
  SessionService,
  type SyncStatusRequest,
  type SyncStatusResponseSchema,
} from "@resonance/mq-proto/logic";
import { type CallContext, implement, openRpcServer } from "@resonance/rpc";
import { type BatchResponse, serveBatches } from "./serve-batches.ts";

type SendReply = MessageInitShape<typeof SendMessageResponseSchema>;
type ReportReply = MessageInitShape<typeof SyncStatusResponseSchema>;

/** A Logic that stores nothing. Tests replace its functions to make it say what they need. */
export type TestLogic = AsyncDisposable & {
  readonly address: string;
  readonly sends: SendMessageRequest[];
  readonly reports: SyncStatusRequest[];
  readonly traceIds: (string | undefined)[];
  readonly logins: LoginRequest[];
  /** Tokens that were logged out. */
  readonly loggedOut: string[];
  /** What ListRevocations tells, once. */
  readonly revocations: MessageInitShape<typeof RevocationSchema>[];
  onSend: (request: SendMessageRequest, context: CallContext) => Promise<SendReply>;
  onReport: (request: SyncStatusRequest) => Promise<ReportReply>;
  onLogin: () => Promise<{ accessToken: string }>;
};

/** The msg_id of the golden bytes; sends get this one and those after it. */
export const firstMsgId = 7421152536297500675n;

/** Looks like a JWT and is accepted by the test Logic. */
export function tokenOfUser(username: string, claims: object = {}): string {
  const body = Buffer.from(JSON.stringify({ sub: username, ...claims })).toString("base64url");
  return `header.${body}.signature`;
}

export async function openTestLogic(port = 0): Promise<TestLogic> {
  const logic = {
    sends: [] as SendMessageRequest[],
    reports: [] as SyncStatusRequest[],
    traceIds: [] as (string | undefined)[],
    logins: [] as LoginRequest[],
    loggedOut: [] as string[],
    revocations: [] as MessageInitShape<typeof RevocationSchema>[],
    onSend: async (): Promise<SendReply> => {
      const count = BigInt(logic.sends.length);
      return { msgId: firstMsgId + count - 1n, seqId: 1n + count };
    },
    onReport: async () => ({}),
    onLogin: async () => ({ accessToken: tokenOfUser("alice") }),
  } as Omit<TestLogic, "address" | typeof Symbol.asyncDispose>;
  const server = await openRpcServer({
    listen: { host: "127.0.0.1", port },
    callers: "anybody",
    log: createLogger("test-logic", "silent"),
    services: [
      implement(AuthService, {
        login: (request) => {
          logic.logins.push(request);
          return logic.onLogin();
        },
        refreshToken: async ({ refreshToken }) => ({
          accessToken: tokenOfUser("alice"),
          refreshToken: `${refreshToken}+`,
        }),
        logout: async ({ accessToken }) => {
          logic.loggedOut.push(accessToken);
          return {};
        },
        listRevocations: async () => ({
          asOfMs: BigInt(Date.now()),
          revocations: logic.revocations.splice(0),
        }),
        register: () => logic.onLogin(),
        validateToken: async ({ accessToken }) => {
          const username = usernameIn(accessToken);
          return username === undefined ? { valid: false } : { valid: true, username };
        },
      }),
      implement(ChatService, {
        sendMessage: (request, context) => {
          logic.sends.push(request);
          return logic.onSend(request, context);
        },
      }),
      implement(MessageBatchService, {
        sendMessages: (exchange, context) =>
          serveBatches(exchange, (request) => answerEach(logic, request, context)),
      }),
      implement(PresenceService, {
        syncStatus: async (request) => {
          logic.reports.push(request);
          return { seqId: request.seqId, ...(await logic.onReport(request)) };
        },
      }),
      sessionService(logic.traceIds),
    ],
  });
  return Object.assign(logic, {
    address: `127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  });
}

/** Echoes what it was asked, so that tests see what reached it. */
function sessionService(traceIds: (string | undefined)[]) {
  const history = (request: { username: string; sessionId: string; limit: bigint }) => ({
    messages: [
      {
        msgId: firstMsgId,
        seqId: request.limit,
        sessionId: request.sessionId,
        toUsername: request.username,
      },
    ],
  });
  return implement(SessionService, {
    getSessionList: async ({ username }, { traceId }) => {
      traceIds.push(traceId);
      return { sessions: [{ sessionId: `single:${username}:ops-bot`, unreadCount: 3n }] };
    },
    createSession: async ({ creatorUsername, members }) => ({
      sessionId: `single:${creatorUsername}:${members[0]}`,
    }),
    getRecentMessages: async (request) => history(request),
    getHistoryMessages: async (request) => history(request),
    pullInboxDelta: async ({ username, cursorId }) => ({
      events: [{ inboxId: cursorId + 1n, message: { toUsername: username } }],
      nextCursorId: cursorId + 1n,
    }),
    getContactList: async ({ username }) => ({ contacts: [{ username }] }),
    searchUser: async ({ query }) => ({ users: [{ username: query }] }),
    updateReadPosition: async ({ seqId }) => ({ unreadCount: seqId }),
  });
}

function usernameIn(token: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split(".")[1] ?? "", "base64url").toString(),
    );
    if (typeof claims !== "object" || claims === null || !("sub" in claims)) return undefined;
    return typeof claims.sub === "string" ? claims.sub : undefined;
  } catch {
    return undefined;
  }
}

/** One answer a message, as each comes. */
async function* answerEach(
  logic: Pick<TestLogic, "sends" | "onSend">,
  { messages }: SendMessagesRequest,
  context: CallContext,
): AsyncGenerator<BatchResponse> {
  const pending = new Map(
    messages.map(({ request, traceId }, index) => {
      if (!request) throw new TypeError("a message without a request");
      logic.sends.push(request);
      const answer = async () => {
        const response = await logic.onSend(request, { ...context, traceId });
        return { index, response };
      };
      return [index, answer()];
    }),
  );
  while (pending.size > 0) {
    const settled = await Promise.race(pending.values());
    pending.delete(settled.index);
    yield { answers: [settled] };
  }
}
