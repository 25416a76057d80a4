import { randomUUID } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Database, transaction } from "@resonance/db";
import { ChatError } from "@resonance/kit";
import {
  type ClientMsgId,
  fitsSessionId,
  groupSessionId,
  limits,
  type MsgId,
  type SessionId,
  singleSessionId,
  type Username,
} from "@resonance/mq-proto";
import type { CreateSessionRequest, CreateSessionResponseSchema } from "@resonance/mq-proto/logic";
import type { Outbox } from "./outbox.ts";
import { groupSession, singleSession } from "./send-message.ts";
import { insertMembers } from "./sql/members.ts";
import { insertSession } from "./sql/sessions.ts";
import { findUsers, type UserRow } from "./sql/users.ts";
import { storeMessages } from "./store-messages.ts";

type Deps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly nextMsgId: () => MsgId;
  readonly nowMs: () => number;
};

type Session = {
  readonly sessionId: SessionId;
  readonly type: number;
  readonly name: string;
  readonly creator: UserRow;
  readonly others: readonly UserRow[];
  readonly announcement: string;
};

/**
 * Creates a session with its members and its first message, in one transaction. A one-to-one
 * session that exists is returned, with its members made whole.
 *
 * @throws ChatError `invalid_argument` or `not_found` naming what is wrong.
 */
export async function createSession(
  deps: Deps,
  request: CreateSessionRequest,
  signal: AbortSignal,
): Promise<MessageInitShape<typeof CreateSessionResponseSchema>> {
  const session = await parseSession(deps, request);
  const { outbox } = await transaction(
    deps.db,
    async (tx) => {
      const created = await insertSession(tx, { ...session, owner: session.creator.username });
      const creatorRole = session.type === groupSession ? 1 : 0;
      await insertMembers(tx, session.sessionId, [
        { username: session.creator.username, role: creatorRole },
        ...session.others.map(({ username }) => ({ username, role: 0 as const })),
      ]);
      return created ? await storeMessages(deps, tx, [announcement(session)]) : { outbox: [] };
    },
    signal,
  );
  deps.outbox.publish(outbox);
  return { sessionId: session.sessionId };
}

async function parseSession(deps: Deps, request: CreateSessionRequest): Promise<Session> {
  const names = [...new Set(request.members)].filter((name) => name !== request.creatorUsername);
  if (names.length >= limits.groupMaxMembers) {
    throw new ChatError(
      "invalid_argument",
      `a group has at most ${limits.groupMaxMembers} members`,
      { reason: "members_invalid", limit: limits.groupMaxMembers },
    );
  }
  const users = await findUsers(deps.db, [request.creatorUsername, ...names]);
  const byName = new Map<string, UserRow>(users.map((user) => [user.username, user]));
  const creator = byName.get(request.creatorUsername);
  if (!creator)
    throw new ChatError("not_found", "the creator does not exist", { reason: "member_unknown" });
  const others = names.map((name) => {
    const user = byName.get(name);
    if (user && name !== "system") return user;
    throw new ChatError("not_found", `there is no user ${JSON.stringify(name)}`, {
      reason: "member_unknown",
    });
  });
  if (request.type === singleSession) return single(creator, others);
  if (request.type === groupSession) return group(deps, creator, others, request.name.trim());
  throw new ChatError("invalid_argument", "a session's type is 1 (one-to-one) or 2 (group)", {
    reason: "session_type_invalid",
  });
}

function single(creator: UserRow, others: readonly UserRow[]): Session {
  const [other] = others;
  if (!other || others.length > 1) {
    throw new ChatError("invalid_argument", "single chat must have exactly one member", {
      reason: "members_invalid",
    });
  }
  const sessionId = singleSessionId(creator.username, other.username);
  if (!fitsSessionId(sessionId)) {
    throw new ChatError("invalid_argument", "the two names do not fit a session id", {
      reason: "members_invalid",
    });
  }
  return {
    sessionId,
    type: singleSession,
    // Empty, so that each of the two sees the other's name.
    name: "",
    creator,
    others,
    announcement: `${nameOf(creator)} 开始了与你的对话`,
  };
}

function group(deps: Deps, creator: UserRow, others: readonly UserRow[], name: string): Session {
  if ([...name].length > limits.sessionNameMaxCharacters) {
    throw new ChatError(
      "invalid_argument",
      `a group's name has at most ${limits.sessionNameMaxCharacters} characters`,
      { reason: "session_name_too_long", limit: limits.sessionNameMaxCharacters },
    );
  }
  return {
    sessionId: groupSessionId(deps.nextMsgId()),
    type: groupSession,
    name,
    creator,
    others,
    announcement: `${nameOf(creator)} 创建了群聊「${name}」`,
  };
}

function announcement(session: Session) {
  return {
    sessionId: session.sessionId,
    sender: "system" as Username,
    content: session.announcement,
    type: "system",
    clientMsgId: `l:${randomUUID()}` as ClientMsgId,
    clientChoseId: false,
    sessionMeta: { name: session.name || nameOf(session.creator), type: session.type },
  };
}

function nameOf(user: UserRow): string {
  return user.nickname || user.username;
}
