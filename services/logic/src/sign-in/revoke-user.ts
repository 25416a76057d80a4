import type { Transaction } from "@resonance/db";
import { insertRevocation } from "../sql/revocations.ts";
import { deleteSignInsOf } from "../sql/sign-ins.ts";

/** Ends every token and sign-in of the user, up to now: after a new password, or for good. */
export async function revokeUser(tx: Transaction, username: string, nowMs: number): Promise<void> {
  await deleteSignInsOf(tx, username);
  await insertRevocation(tx, username, { issuedUntil: Math.floor(nowMs / 1_000) });
}
