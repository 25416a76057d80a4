import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Case } from "../case.ts";
import type { Ground } from "../ground.ts";
import type { Resonance } from "../systems/resonance.ts";

const sockets = 5_000;
/** Load code and fill pools, which no socket more takes again. Memory is given back after them too. */
const first = 700;
// The gateway gives memory back at a check, every 5 s, and V8 takes some seconds more for it.
const settleMs = 20_000;

/** What a socket that says nothing takes of the gateway's memory. */
export function idleCase(system: Resonance, ground: Ground): Case {
  return {
    name: `${sockets} idle sockets`,
    compares: "kb_each",
    target: "15 kB each",
    contestants: [
      {
        name: system.name,
        async measure(signal) {
          await using open = await system.open(signal);
          const pid = open.pids.gateway ?? 0;
          const held = await connectAll(0, first);
          await delay(settleMs, undefined, { signal });
          const before = residentKb(pid);
          held.push(...(await connectAll(first, first + sockets)));
          await delay(settleMs, undefined, { signal });
          const after = residentKb(pid);
          for (const socket of held) socket.close();
          return { kb_each: (after - before) / sockets, gateway_mb: after / 1_024 };

          async function connectAll(from: number, to: number) {
            const opened = [];
            for (let next = from; next < to; next += 50) {
              const indexes = Array.from({ length: Math.min(50, to - next) }, (_, at) => next + at);
              opened.push(
                ...(await Promise.all(
                  indexes.map((index) => open.connect(ground.nameOf(index), () => undefined)),
                )),
              );
            }
            return opened;
          }
        },
      },
    ],
  };
}

function residentKb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}
