import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/** Collects all of this process's garbage now, and compacts what is left. */
export function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString("--expose-gc");
    // Only contexts that begin after the flag have it.
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}
