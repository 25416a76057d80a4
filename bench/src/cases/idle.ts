import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Case } from "../case.ts";
import type { Ground } from "../ground.ts";
import type { Resonance } from "../systems/resonance.ts";

const sockets = 5_000;
const settleMs = 12_000;

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
          // The first ones load code and fill pools, which no socket more takes again.
          const held = await connectAll(0, 200);
          await delay(settleMs, undefined, { signal });
          const before = residentKb(pid);
          held.push(...(await connectAll(200, 200 + sockets)));
          await delay(settleMs, undefined, { signal });
          const after = residentKb(pid);
          for (const socket of held) socket.close();
          return { kb_each: (after - before) / sockets, gateway_mb: after / 1_024 };

          async function connectAll(from: number, to: number) {
            const opened = [];
            for (let first = from; first < to; first += 50) {
              const indexes = Array.from(
                { length: Math.min(50, to - first) },
                (_, at) => first + at,
              );
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
