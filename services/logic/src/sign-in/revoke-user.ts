import type { Transaction } from "@resonance/db";
import { insertRevocation } from "../sql/revocations.ts";
import { deleteSignInsOf } from "../sql/sign-ins.ts";

/**
 * Ends every token and sign-in of the user, up to now: after a new password, or for good. The
 * transaction has changed the user's row before.
 */
export async function revokeUser(
  tx: Transaction,
  username: string,
  nowMs: () => number,
): Promise<void> {
  await deleteSignInsOf(tx, username);
  // Now, after waiting for whoever was signing in or renewing: their tokens are not younger.
  await insertRevocation(tx, username, { issuedUntil: Math.floor(nowMs() / 1_000) });
}
