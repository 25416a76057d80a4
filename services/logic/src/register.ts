import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Database, isDuplicateKey, type Transaction, transaction } from "@resonance/db";
import { ChatError } from "@resonance/kit";
import {
  type ClientMsgId,
  isReservedUsername,
  limits,
  type MsgId,
  parseUsername,
  roomSessionId,
  singleSessionId,
  type Username,
  usernameProblem,
} from "@resonance/mq-proto";
import type { RegisterRequest, RegisterResponseSchema } from "@resonance/mq-proto/logic";
import type { Outbox } from "./outbox.ts";
import { checkNewPassword, type Passwords } from "./passwords.ts";
import { singleSession } from "./send-message.ts";
import { issueTokens } from "./sign-in/issue-tokens.ts";
import { insertMembers } from "./sql/members.ts";
import { findMaxSeqId, insertSession } from "./sql/sessions.ts";
import { insertUser } from "./sql/users.ts";
import { storeMessages } from "./store-messages.ts";
import type { Tokens } from "./tokens.ts";

export type RegisterDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly nextMsgId: () => MsgId;
  readonly nowMs: () => number;
};

/**
 * Makes an account that is in the room and has a one-to-one session with ops-bot, with its
 * welcome, all in one transaction.
 *
 * @throws ChatError `invalid_argument` or `already_exists` naming what is wrong.
 */
export async function register(
  deps: RegisterDeps,
  request: RegisterRequest,
  signal: AbortSignal,
): Promise<MessageInitShape<typeof RegisterResponseSchema>> {
  const username = parseNewUsername(request.username);
  const nickname = parseNickname(request.nickname, username);
  checkNewPassword(request.password);
  await createAccount(
    deps,
    { username, nickname, password: request.password, role: "user" },
    signal,
  );
  const tokens = await issueTokens(deps, username, request.refreshable);
  return { ...tokens, user: { username, nickname } };
}

/** @throws ChatError `already_exists` when the name is taken. */
export async function createAccount(
  deps: RegisterDeps,
  account: { username: Username; nickname: string; password: string; role: string },
  signal: AbortSignal,
): Promise<void> {
  const passwordHash = await deps.passwords.hash(account.password);
  try {
    const { outbox } = await transaction(
      deps.db,
      async (tx) => {
        await insertUser(tx, { ...account, passwordHash });
        await joinRoom(tx, account.username);
        return await openBotSession(deps, tx, account.username);
      },
      signal,
    );
    deps.outbox.publish(outbox);
  } catch (cause) {
    if (!isDuplicateKey(cause)) throw cause;
    throw new ChatError("already_exists", `the name ${account.username} is taken`, {
      reason: "name_taken",
      cause,
    });
  }
}

async function joinRoom(tx: Transaction, username: Username): Promise<void> {
  // Years of conversation are no news to a newcomer.
  const joinedSeq = await findMaxSeqId(tx, roomSessionId);
  await insertMembers(tx, roomSessionId, [
    { username, role: 0, ...(joinedSeq === undefined ? {} : { joinedSeq }) },
  ]);
}

// The name that the migrations seed.
const opsBot = "ops-bot" as Username;

async function openBotSession(deps: RegisterDeps, tx: Transaction, username: Username) {
  const sessionId = singleSessionId(username, opsBot);
  await insertSession(tx, { sessionId, type: singleSession, name: "", owner: username });
  await insertMembers(tx, sessionId, [
    { username, role: 0 },
    { username: opsBot, role: 0 },
  ]);
  return await storeMessages(deps, tx, [
    {
      sessionId,
      sender: opsBot,
      content: welcome,
      type: "text",
      clientMsgId: `welcome:${username}` as ClientMsgId,
      clientChoseId: false,
    },
  ]);
}

const welcome = `你好，我是运维助手。问我系统的日志、指标和状态，例如：「帮我查看 Gateway 的日志」。输入 /help 看我会什么。

Hello, I am the operations assistant. Ask me about logs, metrics and state, for example: "show the gateway's logs". Type /help to see what I can do.`;

function parseNewUsername(value: string): Username {
  const problem = usernameProblem(value);
  if (problem) {
    throw new ChatError(
      "invalid_argument",
      `a name has 1 to ${limits.usernameMaxCharacters} characters, without ":", spaces and control characters`,
      {
        reason: problem,
        ...(problem === "name_too_long" ? { limit: limits.usernameMaxCharacters } : {}),
      },
    );
  }
  if (isReservedUsername(value)) {
    throw new ChatError("already_exists", `the name ${value} is reserved`, {
      reason: "name_reserved",
    });
  }
  return parseUsername(value);
}

function parseNickname(value: string, username: Username): string {
  const nickname = value.trim() || username;
  if (/\p{Cc}/u.test(nickname)) {
    throw new ChatError("invalid_argument", "a nickname has no control characters", {
      reason: "name_has_forbidden_character",
    });
  }
  if ([...nickname].length > limits.nicknameMaxCharacters) {
    throw new ChatError(
      "invalid_argument",
      `a nickname has at most ${limits.nicknameMaxCharacters} characters`,
      { reason: "nickname_too_long", limit: limits.nicknameMaxCharacters },
    );
  }
  return nickname;
}
