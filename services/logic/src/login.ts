import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import { ChatError } from "@resonance/kit";
import type { LoginRequest, LoginResponseSchema } from "@resonance/mq-proto/logic";
import type { Passwords } from "./passwords.ts";
import { findUser } from "./sql/users.ts";
import type { Tokens } from "./tokens.ts";

/** @throws ChatError `unauthenticated`, the same for an unknown user and for a wrong password. */
export async function login(
  deps: { db: Queryable; passwords: Passwords; tokens: Tokens },
  request: LoginRequest,
): Promise<MessageInitShape<typeof LoginResponseSchema>> {
  const user = request.username === "" ? undefined : await findUser(deps.db, request.username);
  const matches = await deps.passwords.matches(request.password, user?.passwordHash);
  if (!user || !matches || user.isBot === 1) {
    throw new ChatError("unauthenticated", "invalid username or password", {
      reason: "bad_credentials",
    });
  }
  return {
    accessToken: await deps.tokens.issue(user.username),
    user: { username: user.username, nickname: user.nickname, avatarUrl: user.avatarUrl },
  };
}
