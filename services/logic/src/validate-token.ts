import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Queryable } from "@resonance/db";
import type { ValidateTokenRequest, ValidateTokenResponseSchema } from "@resonance/mq-proto/logic";
import { hashOf } from "./sign-in/issue-tokens.ts";
import { findTokenOwner } from "./sql/users.ts";
import type { Tokens } from "./tokens.ts";

/**
 * Says whose token it is. `valid` is false for any that is not good or is revoked, and for a user
 * who is gone or disabled.
 */
export async function validateToken(
  deps: { db: Queryable; tokens: Tokens },
  request: ValidateTokenRequest,
): Promise<MessageInitShape<typeof ValidateTokenResponseSchema>> {
  const token = await deps.tokens.verify(request.accessToken);
  if (!token) return { valid: false };
  const owner = await findTokenOwner(deps.db, { ...token, hash: hashOf(request.accessToken) });
  if (!owner || owner.user.isDisabled || owner.isRevoked) return { valid: false };
  const { user } = owner;
  return {
    valid: true,
    user: { username: user.username, nickname: user.nickname, avatarUrl: user.avatarUrl },
    username: user.username,
  };
}
