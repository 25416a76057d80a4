import { quantile } from "./open-loop.ts";

export type Phase = { readonly p50Ms: number; readonly p99Ms: number };

/**
 * Two kinds of phases in turn, a pair of them a round. What the machine's disk does in one phase it
 * need not do in the next: a kind's figure is the median of its phases, and the difference or ratio
 * of the two the median of those of the rounds.
 */
export class Phases {
  readonly #names: readonly [string, string];
  readonly #rounds: [Phase[], Phase[]] = [[], []];

  constructor(names: readonly [string, string]) {
    this.#names = names;
  }

  /** @param latencies in ms, ascending */
  note(kind: 0 | 1, latencies: readonly number[]): void {
    const phase = { p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
    this.#rounds[kind].push(phase);
    process.stdout.write(`  ${line(this.#names[kind], phase)}  (${latencies.length})\n`);
  }

  /** The second kind's less the first's. */
  difference(of: keyof Phase): number {
    return this.#medianOfRounds(of, (one, other) => other - one);
  }

  /** The second kind's divided by the first's. */
  ratio(of: keyof Phase): number {
    return this.#medianOfRounds(of, (one, other) => other / one);
  }

  /** Each kind's medians with the lowest and the highest. */
  summary(): string {
    return ([0, 1] as const)
      .map((kind) => {
        const figure = (of: keyof Phase) => {
          const all = this.#rounds[kind].map((phase) => phase[of]);
          const ends = `${Math.min(...all).toFixed(1)} to ${Math.max(...all).toFixed(1)}`;
          return `${median(all).toFixed(1)} ms (${ends})`;
        };
        return `  ${this.#names[kind].padEnd(44)} p50 ${figure("p50Ms")}, p99 ${figure("p99Ms")}\n`;
      })
      .join("");
  }

  toJSON() {
    return { [this.#names[0]]: this.#rounds[0], [this.#names[1]]: this.#rounds[1] };
  }

  #medianOfRounds(of: keyof Phase, compare: (one: number, other: number) => number): number {
    const [ones, others] = this.#rounds;
    return median(
      ones.flatMap((one, round) => {
        const other = others[round];
        return other ? [compare(one[of], other[of])] : [];
      }),
    );
  }
}

function line(name: string, { p50Ms, p99Ms }: Phase): string {
  const ms = (value: number) => `${value.toFixed(1).padStart(7)} ms`;
  return `${name.padEnd(44)} p50 ${ms(p50Ms)}  p99 ${ms(p99Ms)}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
