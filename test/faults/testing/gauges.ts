import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { SupervisedService } from "@resonance/stack";

/** What a process holds: I11 says that it comes back to what it was. */
export type Gauges = {
  /** What the program uses, after a garbage collection. */
  readonly heapBytes: number;
  readonly residentBytes: number;
  /** The most that was resident since the process started. */
  readonly peakResidentBytes: number;
  /** Open files and sockets. */
  readonly descriptors: number;
};

const answerWithinMs = 10_000;

/**
 * Reads them from outside: from /proc, and by Node's inspector, which SIGUSR1 opens. An inspector
 * has descriptors of its own, so that all is read with it open, the first time too.
 */
export async function readGauges(service: SupervisedService): Promise<Gauges> {
  const { pid } = service;
  if (pid === undefined) throw new Error(`${service.name} has no process`);
  const socket = await openInspector(service, pid);
  try {
    const heapBytes = await usedHeap(socket);
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return {
      heapBytes,
      residentBytes: kibibytes(status, "VmRSS") * 1024,
      peakResidentBytes: kibibytes(status, "VmHWM") * 1024,
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
    };
  } finally {
    socket.close();
  }
}

function kibibytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]);
}

/**
 * What has not come back to what it was, by I11: 10 % more, with 2 MiB of heap and four descriptors
 * for what a process opens once.
 */
export function excessOver(before: Gauges | undefined, now: Gauges): string[] {
  const allowed = {
    heapBytes: (before?.heapBytes ?? 0) * 1.1 + 2 * 1024 ** 2,
    descriptors: Math.floor((before?.descriptors ?? 0) * 1.1 + 4),
  };
  return (["heapBytes", "descriptors"] as const)
    .filter((what) => now[what] > allowed[what])
    .map((what) => `${what} ${now[what]}, allowed are ${allowed[what]}`);
}

async function usedHeap(socket: WebSocket): Promise<number> {
  // Twice: what the first finds dead may have held something else.
  await ask(socket, 1, "HeapProfiler.collectGarbage");
  await ask(socket, 2, "HeapProfiler.collectGarbage");
  const { usedSize } = await ask(socket, 3, "Runtime.getHeapUsage");
  return Number(usedSize);
}

/**
 * With `--inspect-port=0` each process listens on a port of its own, and says so in its log. The
 * last one that is said there may be of the process before: nobody answers then.
 */
async function openInspector(service: SupervisedService, pid: number): Promise<WebSocket> {
  const deadline = performance.now() + answerWithinMs;
  while (performance.now() < deadline) {
    const said = readFileSync(service.logFile, "utf8").split("\n");
    const line = said.findLast((one) => one.includes("Debugger listening on"));
    const url = /ws:\/\/[^\s"\\]+/.exec(line ?? "")?.[0];
    const socket = url === undefined ? undefined : await connected(url);
    if (socket) return socket;
    process.kill(pid, "SIGUSR1");
    await delay(200);
  }
  throw new Error(`${service.name} opens no inspector`);
}

function connected(url: string): Promise<WebSocket | undefined> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onopen = () => resolve(socket);
    socket.onerror = () => resolve(undefined);
  });
}

function ask(socket: WebSocket, id: number, method: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${method} is not answered`)), answerWithinMs);
    socket.addEventListener("message", function answered(event) {
      const answer = JSON.parse(String(event.data));
      if (answer.id !== id) return;
      clearTimeout(timer);
      socket.removeEventListener("message", answered);
      resolve(answer.result ?? {});
    });
    socket.send(JSON.stringify({ id, method }));
  });
}
