import { setTimeout as delay } from "node:timers/promises";
import type { Queryable } from "@resonance/db";
import type { Logger } from "@resonance/kit";
import { deleteOldRevocations } from "../sql/revocations.ts";
import { deleteOldAttempts } from "../sql/sign-in-attempts.ts";
import { deleteExpiredSignIns } from "../sql/sign-ins.ts";

const everyMs = 10 * 60_000;

/** Deletes, now and then until disposed, what nobody asks for any more. */
export function purgeSignIns(db: Queryable, log: Logger): AsyncDisposable {
  const stop = new AbortController();
  const purging = (async () => {
    while (!stop.signal.aborted) {
      try {
        await delay(everyMs, undefined, { signal: stop.signal });
        for (const purge of [deleteOldRevocations, deleteExpiredSignIns, deleteOldAttempts]) {
          while ((await purge(db)) > 0) stop.signal.throwIfAborted();
        }
      } catch (error) {
        if (!stop.signal.aborted) log.warn({ err: error }, "cannot purge old sign-ins");
      }
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await purging;
    },
  };
}
