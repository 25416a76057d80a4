import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Database, type Transaction, transaction } from "@resonance/db";
import { ChatError } from "@resonance/kit";
import type { LoginRequest, LoginResponseSchema } from "@resonance/mq-proto/logic";
import type { Passwords } from "./passwords.ts";
import { countAttempt, forgive } from "./sign-in/attempts.ts";
import {
  type IssueDeps,
  type IssuedTokens,
  issueTokens,
  untilNotRevoked,
} from "./sign-in/issue-tokens.ts";
import { findUser, holdUser, type UserRow } from "./sql/users.ts";

type LoginDeps = IssueDeps & { readonly db: Database; readonly passwords: Passwords };

/**
 * @throws ChatError `unauthenticated`, the same for an unknown user and for a wrong password;
 * `resource_exhausted` after too many tries; `permission_denied` for a disabled account whose
 * password was right.
 */
export async function login(
  deps: LoginDeps,
  request: LoginRequest,
  signal: AbortSignal,
): Promise<MessageInitShape<typeof LoginResponseSchema>> {
  const attempt = { account: request.username, address: request.clientAddress };
  await countAttempt(deps, attempt, signal);
  const user = request.username === "" ? undefined : await findUser(deps.db, request.username);
  const matches = await deps.passwords.matches(request.password, user?.passwordHash);
  if (!user || !matches || user.isBot === 1) throw badCredentials();
  await forgive(deps, attempt);
  assertEnabled(user);
  await untilNotRevoked(deps, user.username);
  return {
    ...(await transaction(deps.db, (tx) => signIn(deps, tx, user, request.refreshable), signal)),
    user: { username: user.username, nickname: user.nickname, avatarUrl: user.avatarUrl },
  };
}

/** Looks again: comparing takes long, and a password that is replaced meanwhile opens nothing. */
async function signIn(
  deps: LoginDeps,
  tx: Transaction,
  user: UserRow,
  refreshable: boolean,
): Promise<IssuedTokens> {
  const now = await holdUser(tx, user.username);
  if (now?.passwordHash !== user.passwordHash) throw badCredentials();
  assertEnabled(now);
  return await issueTokens({ ...deps, db: tx }, user.username, refreshable);
}

function badCredentials(): ChatError {
  return new ChatError("unauthenticated", "invalid username or password", {
    reason: "bad_credentials",
  });
}

function assertEnabled(user: UserRow): void {
  if (!user.isDisabled) return;
  throw new ChatError("permission_denied", `the account ${user.username} is disabled`, {
    reason: "account_disabled",
  });
}
