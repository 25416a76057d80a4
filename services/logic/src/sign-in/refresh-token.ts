import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Database, type Transaction, transaction } from "@resonance/db";
import { ChatError } from "@resonance/kit";
import type { RefreshTokenRequest, RefreshTokenResponseSchema } from "@resonance/mq-proto/logic";
import { insertRevocation } from "../sql/revocations.ts";
import { deleteSignIn, lockSignIn, renewSignIn, type SignInRow } from "../sql/sign-ins.ts";
import { findUser } from "../sql/users.ts";
import type { Tokens } from "../tokens.ts";
import { hashOf, makeRefreshToken, refreshLifetimeMs } from "./issue-tokens.ts";

/** An answer may get lost, and two tabs may ask at once: the token before holds this long yet. */
const graceMs = 60_000;

/**
 * Gives new tokens for a refresh token. One that was used up longer ago than a minute is taken for
 * stolen: its sign-in ends, whoever holds the newer one.
 *
 * @throws ChatError `unauthenticated` for any that is not good
 */
export async function refreshToken(
  deps: { readonly db: Database; readonly tokens: Tokens; readonly nowMs: () => number },
  request: RefreshTokenRequest,
  signal: AbortSignal,
): Promise<MessageInitShape<typeof RefreshTokenResponseSchema>> {
  const hash = hashOf(request.refreshToken);
  const next = makeRefreshToken();
  const accessToken = await transaction(
    deps.db,
    async (tx) => {
      const signIn = await lockSignIn(tx, hash);
      if (!signIn) return undefined;
      if (!(await holds(tx, signIn, hash, deps.nowMs()))) {
        await endSignIn(tx, signIn);
        return undefined;
      }
      await renewSignIn(tx, {
        ...signIn,
        refreshHash: hashOf(next),
        // The token that was shown stays the one before, however often it is shown in its grace.
        previousHash: hash,
        renewedAt: isCurrent(signIn, hash) ? new Date(deps.nowMs()) : signIn.renewedAt,
        expiresAt: new Date(deps.nowMs() + refreshLifetimeMs),
      });
      const { username, signInId } = signIn;
      // Within: whoever ends all tokens of the user waits for this, and then ends this one too.
      return await deps.tokens.issue(username, deps.tokens.shortLifetimeSeconds, signInId);
    },
    signal,
  );
  if (accessToken === undefined) {
    throw new ChatError("unauthenticated", "the refresh token is not valid");
  }
  return { accessToken, refreshToken: next };
}

async function holds(
  tx: Transaction,
  signIn: SignInRow,
  hash: Buffer,
  nowMs: number,
): Promise<boolean> {
  if (signIn.expiresAt.getTime() <= nowMs) return false;
  if (!isCurrent(signIn, hash) && nowMs - signIn.renewedAt.getTime() > graceMs) return false;
  const user = await findUser(tx, signIn.username);
  return user !== undefined && !user.isDisabled;
}

function isCurrent(signIn: SignInRow, hash: Buffer): boolean {
  return signIn.refreshHash.equals(hash);
}

async function endSignIn(tx: Transaction, signIn: SignInRow): Promise<void> {
  await deleteSignIn(tx, signIn.signInId);
  await insertRevocation(tx, signIn.username, { signInId: signIn.signInId });
}
