import type { Finding, Store } from "./finding.ts";

const downOf = { database: "database_down", nats: "nats_down" } as const;
const wasDownOf = { database: "database_was_down", nats: "nats_was_down" } as const;

/**
 * Lines tell of what was: a store that they call out of reach and that answers now was out of
 * reach. Of the same store one finding is left, of all who wrote so.
 */
export function withoutWhatIsOver(
  findings: readonly Finding[],
  answering: readonly Store[],
): Finding[] {
  return answering.reduce(told, [...findings]);
}

function told(findings: readonly Finding[], store: Store): Finding[] {
  const isOver = ({ code, facts }: Finding) => code === downOf[store] && facts.lines !== undefined;
  const over = findings.filter(isOver);
  const latest = over.toSorted((one, other) => lastAtOf(other).localeCompare(lastAtOf(one)))[0];
  if (!latest) return [...findings];
  const isRecent = over.some(({ severity }) => severity !== "note");
  const was: Finding = {
    code: wasDownOf[store],
    severity: isRecent ? "warning" : "note",
    target: [...new Set(over.map(({ target }) => target))].join(", "),
    facts: latest.facts,
    evidence: latest.evidence,
  };
  return [...findings.filter((finding) => !isOver(finding)), was];
}

function lastAtOf({ facts }: Finding): string {
  return String(facts.lastAt ?? "");
}
