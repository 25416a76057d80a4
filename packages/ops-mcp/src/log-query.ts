import type { Level } from "./log-line.ts";
import type { TextFilter } from "./text-filter.ts";

/** Which lines are wanted, and what is wanted of them. */
export type LogQuery = {
  readonly fromMs: number;
  /** Excluded. */
  readonly untilMs: number;
  readonly lowest: Level | undefined;
  readonly include: TextFilter | undefined;
  readonly exclude: TextFilter | undefined;
  readonly mode: "lines" | "patterns" | "count";
  /** How many of the last matches are shown, or how many patterns. */
  readonly limit: number;
  /** How many of the last matches are passed over: they were shown before. */
  readonly skip: number;
  /** How many lines around each match are shown, too. */
  readonly context: number;
  /** After this time what was found so far is returned, marked incomplete. */
  readonly budgetMs: number;
};

/** Every line of a window, of which the last hundred are shown: what other queries narrow down. */
export function everyLine(
  { fromMs, untilMs }: Pick<LogQuery, "fromMs" | "untilMs">,
  budgetMs: number,
): LogQuery {
  return {
    fromMs,
    untilMs,
    lowest: undefined,
    include: undefined,
    exclude: undefined,
    mode: "lines",
    limit: 100,
    skip: 0,
    context: 0,
    budgetMs,
  };
}
