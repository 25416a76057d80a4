import type { StepLog } from "./steps.ts";

/** Steps that nothing but this process goes on from. */
export class MemoryStepLog implements StepLog {
  load = async () => [];
  addModelStep = async () => undefined;
  startToolStep = async () => undefined;
  finishToolStep = async () => undefined;
}
