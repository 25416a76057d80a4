import type { Diagnosis } from "../diagnose/diagnose.ts";
import type { Finding } from "../diagnose/finding.ts";
import { windowText } from "./window-text.ts";

/** One line a finding, the worst first, and what was looked at. */
export function diagnosisText({ at, service, window, findings, looks }: Diagnosis): string {
  const seen = looks
    .filter(({ failed }) => failed === undefined)
    .map(({ what, at: names }) => `${what} (${names.join(", ")})`);
  const unseen = looks
    .filter(({ failed }) => failed !== undefined)
    .map(({ what, at: names, failed }) => `${[what, ...names].join(" ")}: ${failed}`);
  return [
    `diagnosis by rules at ${at}${service === null ? "" : ` of ${service}`}; logs: ${windowText(window)}${window.endsNow ? "" : "; all else is as of now, not of that time: say so"}`,
    findings.length === 0 ? "no findings" : `${findings.length} findings, the worst first`,
    ...findings.map(findingLine),
    `looked at: ${seen.join("; ") || "nothing"}`,
    ...(unseen.length > 0 ? [`NOT looked at: ${unseen.join("; ")}`] : []),
  ].join("\n");
}

function findingLine(finding: Finding): string {
  const { code, severity, target, facts, evidence, because, isOfNow } = finding;
  const figures = Object.entries(facts).map(([key, value]) => `${key}=${value}`);
  const cause = because === undefined ? "" : `; probably because of ${because}`;
  const words = evidence.map((text) => ` | ${text.slice(0, 300)}`).join("");
  return `${isOfNow ? "now: " : ""}${severity} ${code} ${target} (${figures.join(", ")})${cause}${words}`;
}
