import { performance } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** A storm: that many sockets have come or gone since memory was last given back. */
const stormSockets = 500;
/** Quiet: no more than that many come or go from one check to the next. */
const quietSockets = 25;
/** How busy the event loop may be, of 1. */
const quietUtilization = 0.3;

/**
 * Gives memory back to the system when a storm of handshakes is over: V8 keeps what they left
 * behind, which is three times what the sockets need, until something else wants it.
 */
export class MemoryReturn {
  readonly #collect: () => void;
  readonly #utilization: () => number;
  #changesSinceReturn = 0;
  #changesSinceCheck = 0;

  /** The options are for tests. */
  constructor(options: { collect?: () => void; utilization?: () => number } = {}) {
    this.#collect = options.collect ?? collectGarbage;
    this.#utilization = options.utilization ?? utilizationSinceLastTime();
  }

  /** A socket has come or gone. */
  count(): void {
    this.#changesSinceReturn += 1;
    this.#changesSinceCheck += 1;
  }

  /** To be called every few seconds. */
  check(): void {
    const changes = this.#changesSinceCheck;
    this.#changesSinceCheck = 0;
    const isQuiet = this.#utilization() <= quietUtilization && changes <= quietSockets;
    if (!isQuiet || this.#changesSinceReturn < stormSockets) return;
    this.#changesSinceReturn = 0;
    this.#collect();
  }
}

function utilizationSinceLastTime(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}

/** Mostly beside the event loop, which it stops for some milliseconds per 10,000 sockets. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  if (typeof gc === "function") gc({ type: "major", execution: "async" });
}
