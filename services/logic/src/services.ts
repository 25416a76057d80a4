import type { AuditLog } from "@resonance/audit";
import type { Bus } from "@resonance/bus";
import type { Database } from "@resonance/db";
import type { Logger, Tracing } from "@resonance/kit";
import {
  AuthService,
  ChatService,
  DeadLetterService,
  MessageBatchService,
  PeopleService,
  PresenceService,
  SessionService,
  StatsService,
} from "@resonance/mq-proto/logic";
import { implement, type ServiceImplementation } from "@resonance/rpc";
import { answerSend } from "./answer-send.ts";
import { countMessages } from "./count-messages.ts";
import { createSession } from "./create-session.ts";
import type { GatewayCalls } from "./gateway-calls.ts";
import { getContactList } from "./get-contact-list.ts";
import { getHistoryMessages } from "./get-history-messages.ts";
import { getSessionList } from "./get-session-list.ts";
import { getSystemStatus } from "./get-system-status.ts";
import { login } from "./login.ts";
import type { MessageStore } from "./message-store.ts";
import type { DeadLetterMetrics, SendMetrics } from "./metrics.ts";
import { pullInboxDelta } from "./pull-inbox-delta.ts";
import { recordDeadLetter } from "./record-dead-letter.ts";
import { type RegisterDeps, register } from "./register.ts";
import { searchUser } from "./search-user.ts";
import { listRevocations } from "./sign-in/list-revocations.ts";
import { logout } from "./sign-in/logout.ts";
import { refreshToken } from "./sign-in/refresh-token.ts";
import { requireOwnName } from "./speaks-for.ts";
import { streamMessages } from "./stream-messages.ts";
import { syncStatus } from "./sync-status.ts";
import { updateReadPosition } from "./update-read-position.ts";
import { runPeopleCommand } from "./users/run-people-command.ts";
import { validateToken } from "./validate-token.ts";

export type ServiceDeps = RegisterDeps & {
  readonly announcePresence: (usernames: readonly string[]) => void;
  readonly db: Database;
  readonly audit: AuditLog;
  readonly bus: Bus;
  readonly messageStore: MessageStore;
  readonly gatewayCalls: GatewayCalls;
  readonly sendMetrics: SendMetrics;
  readonly deadLetterMetrics: DeadLetterMetrics;
  readonly tracing?: Tracing | undefined;
  readonly log: Logger;
};

/** Which function answers which RPC. */
export function services(deps: ServiceDeps): ServiceImplementation[] {
  return [
    implement(
      AuthService,
      {
        login: (request, { signal }) => login(deps, request, signal),
        register: (request, { signal }) => register(deps, request, signal),
        validateToken: (request) => validateToken(deps, request),
        refreshToken: (request, { signal }) => refreshToken(deps, request, signal),
        logout: (request, { signal }) => logout(deps, request, signal),
        listRevocations: (request) => listRevocations(deps, request),
      },
      { of: ["gateway"] },
    ),
    implement(
      SessionService,
      {
        getSessionList: (request) => getSessionList(deps, request),
        createSession: (request, { signal }) => createSession(deps, request, signal),
        getRecentMessages: (request) => getHistoryMessages(deps, request),
        getHistoryMessages: async (request, { caller }) => {
          await requireOwnName(deps, caller, request.username);
          return await getHistoryMessages(deps, request);
        },
        pullInboxDelta: (request) => pullInboxDelta(deps, request),
        getContactList: (request) => getContactList(deps, request),
        searchUser: (request) => searchUser(deps, request),
        updateReadPosition: (request) => updateReadPosition(deps, request),
      },
      { of: ["gateway"], also: { getHistoryMessages: ["bot"] } },
    ),
    implement(
      ChatService,
      {
        sendMessage: (request, context) => answerSend(deps, request, context),
      },
      { of: ["gateway", "bot"] },
    ),
    implement(
      MessageBatchService,
      { sendMessages: (exchange, { caller }) => streamMessages(deps, exchange, caller) },
      { of: ["gateway"] },
    ),
    implement(
      PresenceService,
      { syncStatus: (request, { signal }) => syncStatus(deps, request, signal) },
      { of: ["gateway"] },
    ),
    implement(
      DeadLetterService,
      {
        recordDeadLetter: (request) =>
          recordDeadLetter({ ...deps, metrics: deps.deadLetterMetrics }, request),
      },
      { of: ["bot"] },
    ),
    implement(
      PeopleService,
      { runPeopleCommand: (request, { signal }) => runPeopleCommand(deps, request, signal) },
      { of: ["bot"] },
    ),
    implement(
      StatsService,
      {
        countMessages: (request) => countMessages(deps, request),
        getSystemStatus: () => getSystemStatus(deps),
      },
      { of: ["bot", "ops-mcp"] },
    ),
  ];
}
