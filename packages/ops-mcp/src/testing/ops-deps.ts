import { createLogger } from "@resonance/kit";
import { type Backends, noBackends } from "../backends/open-backends.ts";
import type { OpsDeps } from "../deps.ts";

/** What tools work on: nothing but what the test names. */
export function depsOf(backends: Partial<Backends>, more: Partial<OpsDeps> = {}): OpsDeps {
  return {
    local: undefined,
    backends: { ...noBackends, ...backends },
    countMessages: () => Promise.reject(new Error("no Logic")),
    readSystemStatus: () => Promise.reject(new Error("no Logic")),
    nowMs: () => Date.now() + 1_000,
    timeZone: "UTC",
    log: createLogger("test", "silent"),
    ...more,
  };
}
