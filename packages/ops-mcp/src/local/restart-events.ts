import type { EventsRead } from "../list-events.ts";
import type { Window } from "../window.ts";
import { readStackFile, requireService } from "./stack-file.ts";

/** The processes of the stack that ended by themselves and were started again in the window. */
export async function restartEvents(
  stackFile: string,
  service: string | undefined,
  window: Window,
  signal: AbortSignal,
): Promise<EventsRead> {
  const stack = await readStackFile(stackFile, signal);
  const chosen = service === undefined ? stack.services : [requireService(stack, service)];
  const groups = chosen.flatMap(({ name, restarts, lastExit, startedAt, state }) => {
    const atMs = Date.parse(startedAt ?? stack.startedAt);
    if (restarts === 0 || !Number.isFinite(atMs)) return [];
    if (atMs < window.fromMs || atMs >= window.untilMs) return [];
    return [
      {
        reason: "Restarted",
        type: "Warning",
        kind: "Process",
        count: restarts,
        objects: [name],
        objectsTotal: 1,
        firstAt: stack.startedAt,
        lastAt: new Date(atMs).toISOString(),
        message: `ended with ${lastExit ?? "an unknown exit"}; now ${state}; counted since the stack was started`,
      },
    ];
  });
  return {
    source: "local",
    target: service === undefined ? null : (chosen[0]?.name ?? null),
    groups,
    complete: true,
  };
}
