import type { Username } from "@resonance/mq-proto";
import type { WaitingRun } from "../sql/runs.ts";

export type Occupied = {
  readonly slots: number;
  /** Who has how many of the slots. */
  readonly byRequester: ReadonlyMap<Username, number>;
};

/** @param runs that need a slot each */
export function occupiedBy(runs: readonly Pick<WaitingRun, "requester">[]): Occupied {
  const byRequester = new Map<Username, number>();
  for (const { requester } of runs) {
    byRequester.set(requester, (byRequester.get(requester) ?? 0) + 1);
  }
  return { slots: runs.length, byRequester };
}

export type Choice = {
  readonly start: readonly WaitingRun[];
  /** In the order in which they will have their turn, as far as it is known. */
  readonly wait: readonly WaitingRun[];
};

/** Commands that are no work and wait for nothing: they act on what others wait for. */
export const outOfTurn: readonly string[] = ["/cancel"];

/**
 * Which of the claimable runs to start. `waiting` is in fair order: everybody's first before
 * anybody's second. Nobody has more than half of the slots, so that others find one free whatever
 * one person asks; what is out of turn or cancelled needs no slot.
 */
export function chooseRuns(
  waiting: readonly WaitingRun[],
  occupied: Occupied,
  slots: number,
): Choice {
  const mostOfOne = Math.max(1, Math.floor(slots / 2));
  const byRequester = new Map(occupied.byRequester);
  let free = slots - occupied.slots;
  const start: WaitingRun[] = [];
  const wait: WaitingRun[] = [];
  for (const run of waiting) {
    if (isOutOfTurn(run)) {
      start.push(run);
      continue;
    }
    const held = byRequester.get(run.requester) ?? 0;
    if (free > 0 && held < mostOfOne) {
      free--;
      byRequester.set(run.requester, held + 1);
      start.push(run);
    } else wait.push(run);
  }
  return { start, wait };
}

export function isOutOfTurn(run: Pick<WaitingRun, "command" | "isCancelled">): boolean {
  return run.isCancelled || outOfTurn.includes(run.command);
}
