import { quantile } from "./open-loop.ts";

export type Phase = { readonly p50Ms: number; readonly p99Ms: number };

/** A figure of two kinds of phases compared, and between which it lies. */
export type Comparison = { readonly value: number; readonly low: number; readonly high: number };

/**
 * What a kind's figure is: the median of those of its phases, which one bad phase does not move, or
 * the figure of all its samples as if they were of one phase, which says what there really was.
 */
export type FigureOf = "median of phases" | "all samples";

type Measured = Phase & { readonly latencies: readonly number[] };

/**
 * Two kinds of phases in turn. What the machine's disk does in one phase it need not do in the
 * next, so that there are many short ones.
 */
export class Phases {
  readonly #names: readonly [string, string];
  readonly #phases: [Measured[], Measured[]] = [[], []];

  constructor(names: readonly [string, string]) {
    this.#names = names;
  }

  /** @param latencies in ms, ascending */
  note(kind: 0 | 1, latencies: readonly number[]): void {
    const phase = { p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
    this.#phases[kind].push({ ...phase, latencies });
    const ms = (value: number) => `${value.toFixed(1).padStart(7)} ms`;
    process.stdout.write(
      `  ${this.#names[kind].padEnd(44)} p50 ${ms(phase.p50Ms)}  p99 ${ms(phase.p99Ms)}  (${latencies.length})\n`,
    );
  }

  /**
   * The two kinds' figures compared, and the range in which 90 % of such comparisons lie when
   * phases are drawn from those that there were.
   *
   * @param compare the first kind's figure with the second's
   */
  compare(
    of: keyof Phase,
    figureOf: FigureOf,
    compare: (one: number, other: number) => number,
  ): Comparison {
    const [ones, others] = this.#phases;
    const figure = figures[figureOf];
    const drawn = Array.from({ length: draws }, () =>
      compare(figure(drawnFrom(ones), of), figure(drawnFrom(others), of)),
    ).toSorted((one, other) => one - other);
    return {
      value: compare(figure(ones, of), figure(others, of)),
      low: quantile(drawn, 0.05),
      high: quantile(drawn, 0.95),
    };
  }

  /** Each kind's medians with the lowest and the highest phase, and what all its samples give. */
  summary(): string {
    return ([0, 1] as const)
      .map((kind) => {
        const phases = this.#phases[kind];
        const figure = (of: keyof Phase) => {
          const all = phases.map((phase) => phase[of]);
          const ends = `${Math.min(...all).toFixed(1)} to ${Math.max(...all).toFixed(1)}`;
          const pooled = figures["all samples"](phases, of).toFixed(1);
          return `${median(all).toFixed(1)} ms (${ends}; all samples ${pooled})`;
        };
        return `  ${this.#names[kind].padEnd(44)} p50 ${figure("p50Ms")}, p99 ${figure("p99Ms")}\n`;
      })
      .join("");
  }

  toJSON() {
    return { [this.#names[0]]: this.#phases[0], [this.#names[1]]: this.#phases[1] };
  }
}

const draws = 1_000;

const figures = {
  "median of phases": (phases, of) => median(phases.map((phase) => phase[of])),
  "all samples": (phases, of) =>
    quantile(
      Float64Array.from(phases.flatMap(({ latencies }) => latencies)).toSorted(),
      shares[of],
    ),
} as const satisfies Record<FigureOf, (phases: readonly Measured[], of: keyof Phase) => number>;

const shares = { p50Ms: 0.5, p99Ms: 0.99 } as const satisfies Record<keyof Phase, number>;

function drawnFrom<Value>(values: readonly Value[]): Value[] {
  return values.flatMap(() => values[Math.floor(Math.random() * values.length)] ?? []);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
