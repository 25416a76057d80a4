import { type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import {
  type ConnectRouter,
  createContextKey,
  type HandlerContext,
  type ServiceImpl,
} from "@connectrpc/connect";
import type { Username } from "@resonance/mq-proto";
import * as Gateway from "@resonance/mq-proto/gateway";
import * as Logic from "@resonance/mq-proto/logic";
import type { LogicClients } from "./logic-clients.ts";

export type ApiCall = {
  readonly traceId: string;
  /** Undefined on AuthService alone. */
  readonly username: Username | undefined;
  /** Where the caller is, as far as the limits go. */
  readonly address: string;
  /** Of the Authorization header or the query, whether it is good or not. */
  readonly token: string | undefined;
};

export const apiCallKey = createContextKey<ApiCall>({
  traceId: "",
  username: undefined,
  address: "",
  token: undefined,
});

type Deps = { readonly logic: Pick<LogicClients, "auth" | "session"> };

/** The browser's API: each RPC is one of Logic's, asked in the name of whoever is signed in. */
export function apiRoutes(deps: Deps): (router: ConnectRouter) => void {
  return (router) => {
    router.service(Gateway.AuthService, authRoutes(deps));
    router.service(Gateway.SessionService, { ...sessionRoutes(deps), ...messageRoutes(deps) });
  };
}

function authRoutes({ logic }: Deps): ServiceImpl<typeof Gateway.AuthService> {
  return {
    login: async ({ username, password, refreshable }, context) => {
      const clientAddress = context.values.get(apiCallKey).address;
      return recode(
        Logic.LoginResponseSchema,
        Gateway.LoginResponseSchema,
        await logic.auth.login(
          { username, password, refreshable, clientAddress },
          ...options(context),
        ),
      );
    },
    register: async ({ username, password, nickname, refreshable }, context) =>
      recode(
        Logic.RegisterResponseSchema,
        Gateway.RegisterResponseSchema,
        await logic.auth.register(
          { username, password, nickname, refreshable },
          ...options(context),
        ),
      ),
    logout: async (request, context) => {
      const accessToken = context.values.get(apiCallKey).token ?? request.accessToken;
      await logic.auth.logout({ accessToken }, ...options(context));
      return { success: true };
    },
    refreshToken: async ({ refreshToken }, context) =>
      recode(
        Logic.RefreshTokenResponseSchema,
        Gateway.RefreshTokenResponseSchema,
        await logic.auth.refreshToken({ refreshToken }, ...options(context)),
      ),
  };
}

type SessionImpl = ServiceImpl<typeof Gateway.SessionService>;
type MessageRpc = "getRecentMessages" | "getHistoryMessages" | "pullInboxDelta";

function sessionRoutes({ logic }: Deps): Omit<SessionImpl, MessageRpc> {
  return {
    getSessionList: async (_request, context) =>
      recode(
        Logic.GetSessionListResponseSchema,
        Gateway.GetSessionListResponseSchema,
        await logic.session.getSessionList({ username: caller(context) }, ...options(context)),
      ),
    createSession: async ({ members, name, type }, context) =>
      recode(
        Logic.CreateSessionResponseSchema,
        Gateway.CreateSessionResponseSchema,
        await logic.session.createSession(
          { creatorUsername: caller(context), members, name, type },
          ...options(context),
        ),
      ),
    getContactList: async (_request, context) =>
      recode(
        Logic.GetContactListResponseSchema,
        Gateway.GetContactListResponseSchema,
        await logic.session.getContactList({ username: caller(context) }, ...options(context)),
      ),
    searchUser: async ({ query }, context) =>
      recode(
        Logic.SearchUserResponseSchema,
        Gateway.SearchUserResponseSchema,
        await logic.session.searchUser({ query }, ...options(context)),
      ),
    updateReadPosition: async ({ sessionId, seqId }, context) =>
      recode(
        Logic.UpdateReadPositionResponseSchema,
        Gateway.UpdateReadPositionResponseSchema,
        await logic.session.updateReadPosition(
          { username: caller(context), sessionId, seqId },
          ...options(context),
        ),
      ),
  };
}

function messageRoutes({ logic }: Deps): Pick<SessionImpl, MessageRpc> {
  return {
    getRecentMessages: async ({ sessionId, limit, beforeSeq }, context) =>
      recode(
        Logic.GetRecentMessagesResponseSchema,
        Gateway.GetRecentMessagesResponseSchema,
        await logic.session.getRecentMessages(
          { username: caller(context), sessionId, limit, beforeSeq },
          ...options(context),
        ),
      ),
    getHistoryMessages: async ({ sessionId, limit, beforeSeq }, context) =>
      recode(
        Logic.GetHistoryMessagesResponseSchema,
        Gateway.GetHistoryMessagesResponseSchema,
        await logic.session.getHistoryMessages(
          { username: caller(context), sessionId, limit, beforeSeq },
          ...options(context),
        ),
      ),
    pullInboxDelta: async ({ cursorId, limit }, context) =>
      recode(
        Logic.PullInboxDeltaResponseSchema,
        Gateway.PullInboxDeltaResponseSchema,
        await logic.session.pullInboxDelta(
          { username: caller(context), cursorId, limit },
          ...options(context),
        ),
      ),
  };
}

function options(context: HandlerContext): [AbortSignal, { traceId: string }] {
  return [context.signal, { traceId: context.values.get(apiCallKey).traceId }];
}

function caller(context: HandlerContext): Username {
  const { username } = context.values.get(apiCallKey);
  if (username === undefined) throw new TypeError("a session call reached its handler unsigned");
  return username;
}

/** Logic's answers have twins in the gateway's package: the same numbers, other type names. */
function recode<From extends DescMessage, To extends DescMessage>(
  from: From,
  to: To,
  message: MessageShape<From>,
): MessageShape<To> {
  return fromBinary(to, toBinary(from, message));
}
