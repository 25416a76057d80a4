import { quantile } from "./open-loop.ts";

export type Phase = { readonly p50Ms: number; readonly p99Ms: number };

/** A figure of two kinds of phases compared: of their medians, and between which it lies. */
export type Comparison = { readonly value: number; readonly low: number; readonly high: number };

/**
 * Two kinds of phases in turn. What the machine's disk does in one phase it need not do in the
 * next, so that there are many short ones, and a kind's figure is the median of them.
 */
export class Phases {
  readonly #names: readonly [string, string];
  readonly #phases: [Phase[], Phase[]] = [[], []];

  constructor(names: readonly [string, string]) {
    this.#names = names;
  }

  /** @param latencies in ms, ascending */
  note(kind: 0 | 1, latencies: readonly number[]): void {
    const phase = { p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
    this.#phases[kind].push(phase);
    const ms = (value: number) => `${value.toFixed(1).padStart(7)} ms`;
    process.stdout.write(
      `  ${this.#names[kind].padEnd(44)} p50 ${ms(phase.p50Ms)}  p99 ${ms(phase.p99Ms)}  (${latencies.length})\n`,
    );
  }

  /**
   * The two kinds' medians compared, and the range in which 90 % of such comparisons lie when
   * phases are drawn from those that there were.
   *
   * @param compare the first kind's median with the second's
   */
  compare(of: keyof Phase, compare: (one: number, other: number) => number): Comparison {
    const [ones, others] = this.#phases.map((phases) => phases.map((phase) => phase[of]));
    if (!ones || !others) throw new TypeError("there are two kinds");
    const drawn = Array.from({ length: draws }, () =>
      compare(median(drawnFrom(ones)), median(drawnFrom(others))),
    ).toSorted((one, other) => one - other);
    return {
      value: compare(median(ones), median(others)),
      low: quantile(drawn, 0.05),
      high: quantile(drawn, 0.95),
    };
  }

  /** Each kind's medians with the lowest and the highest. */
  summary(): string {
    return ([0, 1] as const)
      .map((kind) => {
        const figure = (of: keyof Phase) => {
          const all = this.#phases[kind].map((phase) => phase[of]);
          const ends = `${Math.min(...all).toFixed(1)} to ${Math.max(...all).toFixed(1)}`;
          return `${median(all).toFixed(1)} ms (${ends})`;
        };
        return `  ${this.#names[kind].padEnd(44)} p50 ${figure("p50Ms")}, p99 ${figure("p99Ms")}\n`;
      })
      .join("");
  }

  toJSON() {
    return { [this.#names[0]]: this.#phases[0], [this.#names[1]]: this.#phases[1] };
  }
}

const draws = 2_000;

function drawnFrom(values: readonly number[]): number[] {
  return values.map(() => values[Math.floor(Math.random() * values.length)] ?? Number.NaN);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
