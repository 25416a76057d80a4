import { type Database, transaction } from "@resonance/db";
import { type Logger, startRepeating } from "@resonance/kit";
import {
  deleteEarlierRoutes,
  deleteRoutesTo,
  deleteSilentGateways,
  listGateways,
} from "./sql/routes.ts";

const everyMs = 10 * 60_000;
const gatewaysAtOnce = 100;
const routesAtOnce = 1_000;

/**
 * Deletes routes that count no more: those of earlier runs of a gateway, and those to gateways that
 * were not heard for 30 days, with the gateways. Where every gateway has a new name at each start,
 * both tables would grow for ever.
 */
export async function forgetRoutes(db: Database, signal: AbortSignal): Promise<void> {
  for (const gateway of await listGateways(db)) {
    while ((await deleteEarlierRoutes(db, gateway, routesAtOnce)) === routesAtOnce) {
      signal.throwIfAborted();
    }
  }
  let forgotten: number;
  do {
    forgotten = await transaction(
      db,
      async (tx) => {
        const ids = await deleteSilentGateways(tx, gatewaysAtOnce);
        if (ids.length === 0) return 0;
        while ((await deleteRoutesTo(tx, ids, routesAtOnce)) === routesAtOnce);
        return ids.length;
      },
      signal,
    );
  } while (forgotten === gatewaysAtOnce);
}

/** Forgets routes every ten minutes until disposed. */
export function startForgettingRoutes(deps: { db: Database; log: Logger }): AsyncDisposable {
  return startRepeating({ everyMs, log: deps.log, failure: "cannot forget old routes" }, (signal) =>
    forgetRoutes(deps.db, signal),
  );
}
