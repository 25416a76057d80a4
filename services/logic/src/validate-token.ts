import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import type { ValidateTokenRequest, ValidateTokenResponseSchema } from "@resonance/mq-proto/logic";
import { findUser } from "./sql/users.ts";
import type { Tokens } from "./tokens.ts";

/** Says whose token it is. `valid` is false for any that is not good, and for a user who is gone. */
export async function validateToken(
  deps: { db: Queryable; tokens: Tokens },
  request: ValidateTokenRequest,
): Promise<MessageInitShape<typeof ValidateTokenResponseSchema>> {
  const username = await deps.tokens.verify(request.accessToken);
  const user = username === undefined ? undefined : await findUser(deps.db, username);
  if (!user) return { valid: false };
  return {
    valid: true,
    user: { username: user.username, nickname: user.nickname, avatarUrl: user.avatarUrl },
    username: user.username,
  };
}
