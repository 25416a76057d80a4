import { setTimeout as delay } from "node:timers/promises";
import { create, toBinary } from "@bufbuild/protobuf";
import type { Bus } from "@resonance/bus";
import type { Logger } from "@resonance/kit";
import { WsPacketSchema } from "@resonance/mq-proto/gateway";
import type { Connections } from "./connections.ts";
import { frameOf } from "./frame.ts";

// Each client asks for its sessions then: 500 a second, as when they connect again.
const atOnce = 50;
const everyMs = 100;

/** Tells a client that pushes may have been lost. */
export const missed = frameOf(
  toBinary(
    WsPacketSchema,
    create(WsPacketSchema, { payload: { case: "pulse", value: { missed: true } } }),
  ),
);

/**
 * Has the clients who are here look for what they have missed, each time that the connection to NATS
 * stands again, until disposed: what was published meanwhile is lost, and its senders do not know.
 */
export function tellOfBreaks(deps: {
  readonly bus: Bus;
  readonly connections: Connections;
  readonly log: Logger;
}): AsyncDisposable {
  let stop = new AbortController();
  let telling = Promise.resolve();
  const watching = deps.bus.onConnect(() => {
    // After another break those who were told are told again.
    stop.abort();
    stop = new AbortController();
    const { signal } = stop;
    telling = telling.then(() => tellAll(deps, signal));
  });
  return {
    async [Symbol.asyncDispose]() {
      watching[Symbol.dispose]();
      stop.abort();
      await telling;
    },
  };
}

/** Never rejects. */
async function tellAll(
  { bus, connections, log }: Parameters<typeof tellOfBreaks>[0],
  signal: AbortSignal,
): Promise<void> {
  try {
    const nats = await bus.connected();
    // What is published from then on is heard.
    await nats.flush();
    let told = 0;
    for (const connection of connections.all()) {
      if (told > 0 && told % atOnce === 0) await delay(everyMs, undefined, { signal });
      connection.send(missed);
      told += 1;
    }
    log.info({ connections: told }, "NATS is there: clients look for what they missed");
  } catch (error) {
    // A further break: its end has everybody told.
    if (!signal.aborted) log.warn({ err: error }, "cannot tell clients that they missed pushes");
  }
}
