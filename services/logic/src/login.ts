import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Database } from "@resonance/db";
import { ChatError } from "@resonance/kit";
import type { LoginRequest, LoginResponseSchema } from "@resonance/mq-proto/logic";
import type { Passwords } from "./passwords.ts";
import { countAttempt, forgive } from "./sign-in/attempts.ts";
import { type IssueDeps, issueTokens } from "./sign-in/issue-tokens.ts";
import { findUser } from "./sql/users.ts";

/**
 * @throws ChatError `unauthenticated`, the same for an unknown user and for a wrong password;
 * `resource_exhausted` after too many tries; `permission_denied` for a disabled account whose
 * password was right.
 */
export async function login(
  deps: IssueDeps & { readonly db: Database; readonly passwords: Passwords },
  request: LoginRequest,
  signal: AbortSignal,
): Promise<MessageInitShape<typeof LoginResponseSchema>> {
  const attempt = { account: request.username, address: request.clientAddress };
  await countAttempt(deps, attempt, signal);
  const user = request.username === "" ? undefined : await findUser(deps.db, request.username);
  const matches = await deps.passwords.matches(request.password, user?.passwordHash);
  if (!user || !matches || user.isBot === 1) {
    throw new ChatError("unauthenticated", "invalid username or password", {
      reason: "bad_credentials",
    });
  }
  await forgive(deps, attempt);
  if (user.isDisabled) {
    throw new ChatError("permission_denied", `the account ${user.username} is disabled`, {
      reason: "account_disabled",
    });
  }
  return {
    ...(await issueTokens(deps, user.username, request.refreshable)),
    user: { username: user.username, nickname: user.nickname, avatarUrl: user.avatarUrl },
  };
}
