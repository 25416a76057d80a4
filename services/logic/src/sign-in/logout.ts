import { type Database, transaction } from "@resonance/db";
import type { LogoutRequest } from "@resonance/mq-proto/logic";
import { insertRevocation } from "../sql/revocations.ts";
import { deleteSignIn } from "../sql/sign-ins.ts";
import type { Tokens } from "../tokens.ts";
import { hashOf } from "./issue-tokens.ts";

/**
 * Revokes a token, with the whole sign-in that it belongs to. For a token that is not good there is
 * nothing to do, and that is no error.
 */
export async function logout(
  deps: { readonly db: Database; readonly tokens: Tokens },
  request: LogoutRequest,
  signal: AbortSignal,
): Promise<Record<string, never>> {
  const token = await deps.tokens.verify(request.accessToken);
  if (!token) return {};
  const { username, signInId } = token;
  await transaction(
    deps.db,
    async (tx) => {
      if (signInId !== undefined) await deleteSignIn(tx, signInId);
      await insertRevocation(
        tx,
        username,
        signInId === undefined ? { tokenHash: hashOf(request.accessToken) } : { signInId },
      );
    },
    signal,
  );
  return {};
}
