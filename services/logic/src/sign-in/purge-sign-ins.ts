import type { Queryable } from "@resonance/db";
import { type Logger, startRepeating } from "@resonance/kit";
import { deleteOldRevocations } from "../sql/revocations.ts";
import { deleteOldAttempts } from "../sql/sign-in-attempts.ts";
import { deleteExpiredSignIns } from "../sql/sign-ins.ts";

const everyMs = 10 * 60_000;

/** Deletes, now and then until disposed, what nobody asks for any more. */
export function startPurgingSignIns(db: Queryable, log: Logger): AsyncDisposable {
  return startRepeating({ everyMs, log, failure: "cannot purge old sign-ins" }, async (signal) => {
    for (const purge of [deleteOldRevocations, deleteExpiredSignIns, deleteOldAttempts]) {
      while ((await purge(db)) > 0) signal.throwIfAborted();
    }
  });
}
