import { type Finding, type FindingCode, isOfStore, rankOf } from "./finding.ts";

/** Which findings, where they stand together, explain which others. */
const explains: readonly (readonly [FindingCode, readonly FindingCode[]])[] = [
  ["node_not_ready", ["unschedulable", "not_ready", "rollout_stuck", "no_endpoints"]],
  ["image_pull", ["rollout_stuck", "no_endpoints", "not_ready"]],
  ["config_missing", ["rollout_stuck", "no_endpoints", "not_ready"]],
  ["unschedulable", ["rollout_stuck", "no_endpoints"]],
  ["oom_killed", ["rollout_stuck", "no_endpoints", "not_ready"]],
  ["crash_loop", ["rollout_stuck", "no_endpoints", "not_ready"]],
  ["probe_failing", ["rollout_stuck", "no_endpoints"]],
];

const explainsEverywhere: readonly (readonly [FindingCode, readonly FindingCode[]])[] = [
  ["database_down", ["queue_lag", "outbox_backlog", "dead_letters", "error_lines"]],
  ["database_was_down", ["error_lines"]],
  ["nats_down", ["outbox_backlog", "queue_lag"]],
  ["database_slow", ["queue_lag", "outbox_backlog"]],
  ["slow_queries", ["queue_lag", "outbox_backlog"]],
];

/** Says of findings which other finding explains them: of the same target, or of the store. */
export function explain(findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => {
    if (finding.because !== undefined) return finding;
    const own = explains.find(
      ([cause, effects]) =>
        effects.includes(finding.code) &&
        findings.some(({ code, target }) => code === cause && target === finding.target),
    );
    const store = explainsEverywhere.find(
      ([cause, effects]) =>
        effects.includes(finding.code) &&
        findings.some(({ code, severity }) => code === cause && severity !== "note"),
    );
    const cause = own ?? store;
    return cause ? { ...finding, because: cause[0] } : finding;
  });
}

/** One finding of a code and target where several sources saw the same. */
export function unite(findings: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(findings, ({ code, target }) =>
    // Whoever cannot reach the database sees one fault.
    isOfStore(code) ? code : `${code}\n${target}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group.toSorted((one, other) => rankOf(one) - rankOf(other));
    if (!first) return [];
    const evidence = [...new Set(group.flatMap((finding) => finding.evidence))].slice(0, 5);
    const facts = Object.assign({}, ...group.map((finding) => finding.facts), first.facts);
    return [{ ...first, facts, evidence }];
  });
}
