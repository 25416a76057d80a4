/** Why work on a run ends before there is an answer. Reasons of aborted signals. */
export class RunStopped extends Error {
  override readonly name = "RunStopped";
  readonly kind: "cancelled" | "timed_out" | "lease_lost" | "stopping";

  constructor(kind: RunStopped["kind"]) {
    super(`the run was stopped: ${kind}`);
    this.kind = kind;
  }
}
