import type { BenignRow, SecretRow } from "./rows.ts";
import { scoreBenign } from "./score-benign.ts";
import { scoreSecrets } from "./score-secrets.ts";

/** Ordinary lines that may be altered, as a share of all. */
const maxAlteredShare = 0.02;

/** What a person reads about both sets. Good means: no leak, and few ordinary lines altered. */
export function report(
  secrets: readonly SecretRow[],
  benign: readonly BenignRow[],
): { text: string; isGood: boolean } {
  const leaks = scoreSecrets(secrets);
  const altered = scoreBenign(benign);
  const share = benign.length === 0 ? 0 : altered.length / benign.length;
  const lines = [
    `secrets: ${secrets.length}, leaked: ${leaks.length}`,
    ...byKind(secrets, leaks),
    ...leaks.map((leak) => `  leak ${leak.kind} ${leak.id}: ${leak.ways.join(", ")}`),
    "",
    `ordinary lines: ${benign.length}, altered: ${altered.length} (${(100 * share).toFixed(2)} %)`,
    ...byKind(benign, altered),
    ...altered.map((row) => `  altered ${row.kind} ${row.id}: ${row.text.slice(0, 200)}`),
  ];
  return { text: lines.join("\n"), isGood: leaks.length === 0 && share <= maxAlteredShare };
}

function byKind(rows: readonly { kind: string }[], failed: readonly { kind: string }[]): string[] {
  const counts = (of: readonly { kind: string }[]) =>
    new Map([...Map.groupBy(of, (row) => row.kind)].map(([kind, group]) => [kind, group.length]));
  const bad = counts(failed);
  return [...counts(rows)]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(
      ([kind, count]) =>
        `  ${kind.padEnd(28)} ${String(bad.get(kind) ?? 0).padStart(4)} of ${count}`,
    );
}
