/** What one measurement of one contestant gave: named numbers. */
export type Figures = Readonly<Record<string, number>>;

/** Contestants that are measured in turn, as often as there are rounds. */
export type Case = {
  readonly name: string;
  /** The figure that is compared, and in which sense. */
  readonly compares: string;
  readonly contestants: readonly {
    readonly name: string;
    measure(signal: AbortSignal): Promise<Figures>;
  }[];
  /** Whose figure is 1; nobody is compared without. */
  readonly reference?: string;
  readonly target: string;
};

export type Outcome = Readonly<Record<string, readonly Figures[]>>;

/** Runs the rounds, each contestant in turn. */
export async function runCase(
  { contestants }: Case,
  rounds: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const outcome: Record<string, Figures[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const { name, measure } of contestants) {
      outcome[name] = [...(outcome[name] ?? []), await measure(signal)];
    }
  }
  return outcome;
}

/** The case's lines: medians of every figure, the ratio and the spread of the compared one. */
export function report(one: Case, outcome: Outcome): string {
  const compared = (name: string) => medianOf(outcome[name] ?? [], one.compares);
  const lines = Object.entries(outcome).map(([name, rounds]) => {
    const names = Object.keys(rounds[0] ?? {});
    const figures = names.map((figure) => `${figure} ${short(medianOf(rounds, figure))}`);
    const values = rounds.map((figures) => figures[one.compares] ?? Number.NaN);
    const spread = `${short(Math.min(...values))} to ${short(Math.max(...values))}`;
    const ratio =
      one.reference === undefined
        ? ""
        : `  x${(compared(name) / compared(one.reference)).toFixed(2)}`;
    return `  ${name.padEnd(28)}${ratio}  ${figures.join("  ")}  (${one.compares} ${spread})`;
  });
  return [`\n${one.name}`, `  target: ${one.target}`, ...lines, ""].join("\n");
}

function medianOf(rounds: readonly Figures[], figure: string): number {
  const sorted = rounds
    .map((figures) => figures[figure] ?? Number.NaN)
    .toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
