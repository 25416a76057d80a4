import type { BrainPort } from "./model-port.ts";
import { offlineBrain } from "./offline/offline-brain.ts";

/** The brain that the configuration names. The one place where that is decided. */
export function chooseBrain(): BrainPort {
  return offlineBrain;
}
