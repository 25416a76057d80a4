import { setTimeout as delay } from "node:timers/promises";
import { create, toBinary } from "@bufbuild/protobuf";
import type { Bus } from "@resonance/bus";
import { aborted, type Logger } from "@resonance/kit";
import { WsPacketSchema } from "@resonance/mq-proto/gateway";
import type { Connections } from "./connections.ts";
import { frameOf } from "./frame.ts";
import type { Presence } from "./presence.ts";

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
 * stands again, and at `tell`, until disposed: what was on its way is lost, and its senders do not
 * know. They are told when Logic answers: before that they would look in vain.
 */
export function tellOfBreaks(deps: {
  readonly bus: Bus;
  readonly connections: Connections;
  readonly presence: Pick<Presence, "answered">;
  readonly log: Logger;
}): AsyncDisposable & { tell(): void } {
  let stop = new AbortController();
  let telling = Promise.resolve();
  let isOver = false;
  const tellOnce = (isHeard: () => Promise<void>) => {
    // The calls to Logic end last.
    if (isOver) return;
    // After another break those who were told are told again.
    stop.abort();
    stop = new AbortController();
    const { signal } = stop;
    telling = telling.then(() => tellAll(deps, isHeard, signal));
  };
  const watching = deps.bus.onConnect(() =>
    tellOnce(async () => (await deps.bus.connected()).flush()),
  );
  return {
    tell: () => tellOnce(async () => undefined),
    async [Symbol.asyncDispose]() {
      isOver = true;
      watching[Symbol.dispose]();
      stop.abort();
      await telling;
    },
  };
}

/**
 * Begins when what is published is heard again: who comes later has missed nothing, as at the start,
 * when nobody is here yet. Never rejects.
 */
async function tellAll(
  { connections, presence, log }: Parameters<typeof tellOfBreaks>[0],
  isHeard: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await Promise.race([isHeard(), aborted(signal)]);
    const here = connections.all();
    if (here.length > 0) await Promise.race([presence.answered(), aborted(signal)]);
    signal.throwIfAborted();
    let told = 0;
    for (const connection of here) {
      if (told > 0 && told % atOnce === 0) await delay(everyMs, undefined, { signal });
      connection.send(missed);
      told += 1;
    }
    if (told > 0) {
      log.info({ connections: told }, "after a break clients look for what they missed");
    }
  } catch (error) {
    // A further break: its end has everybody told.
    if (!signal.aborted) log.warn({ err: error }, "cannot tell clients that they missed pushes");
  }
}
