import type { LogLine } from "../format-line.ts";
import type { LogsFound } from "../get-logs.ts";
import { windowText } from "./window-text.ts";

/** Log lines with what was searched, the totals and what is left out. */
export function logsText(found: LogsFound): string {
  return [...headLines(found), ...bodyLines(found)].join("\n");
}

function headLines(found: LogsFound): string[] {
  const levels = Object.entries(found.byLevel)
    .filter(([, count]) => count > 0)
    .map(([level, count]) => `${level} ${count}`)
    .join(", ");
  const head = [
    `logs of ${found.target} (${found.source}${found.previous ? ", before the last restart" : ""}); ${windowText(found.window)}; ${filtersOf(found)}`,
    `${found.complete ? "total" : "INCOMPLETE, at least"} ${found.total} (${levels || "none"})${shownOf(found)}`,
  ];
  if (found.total === 0 && found.level === "error" && (found.warningsInWindow ?? 0) > 0) {
    head.push(`warnings in the window: ${found.warningsInWindow}`);
  }
  if (found.query !== null) head.push(`query: ${found.query}`);
  if (found.pods.length > 0) head.push(`pods read: ${found.pods.join(", ")}`);
  if (found.podsOmitted > 0) head.push(`pods not read: ${found.podsOmitted}; name one to read it`);
  if (found.otherContainers.length > 0) {
    head.push(`containers not read: ${found.otherContainers.join(", ")}`);
  }
  if (!found.complete) head.push(`${found.incompleteBecause}: claim no number; narrow the window`);
  if (found.logBegins !== null) head.push(`the log begins only at ${found.logBegins}`);
  return head;
}

function filtersOf(found: LogsFound): string {
  const filters = [
    found.level === null ? "" : `level>=${found.level}`,
    found.include === null ? "" : `include ${found.includeKind} ${JSON.stringify(found.include)}`,
    found.exclude === null ? "" : `exclude ${JSON.stringify(found.exclude)}`,
  ].filter((part) => part !== "");
  return filters.join(", ") || "no filter";
}

function shownOf(found: LogsFound): string {
  if (found.mode !== "lines") return "";
  const more = found.cursor === null ? "" : `, older: cursor ${found.cursor}`;
  return `; matches shown ${found.matchesShown}, left out ${found.omitted}${more}`;
}

function bodyLines(found: LogsFound): string[] {
  if (found.mode === "patterns") {
    const rows = found.patterns.map(
      ({ count, level, firstMs, lastMs, text }) =>
        `${count}x ${level}${spanOf(firstMs, lastMs)}: ${text}`,
    );
    const others =
      found.otherPatterns > 0 ? [`${found.otherPatterns} lines of other patterns left out`] : [];
    return [...rows, ...others];
  }
  if (found.mode === "count") {
    return found.counts.map(({ at, lines, errors }) => `${at} ${lines} lines, ${errors} errors`);
  }
  const first = found.firstError
    ? ["first error:", ...lines(found.aroundFirstError), "last lines:"]
    : [];
  return [...first, ...lines(found.shown)];
}

function lines(shown: readonly LogLine[]): string[] {
  return shown.map(
    ({ text, pod, isContext }) =>
      `${isContext ? "| " : ""}${pod === undefined ? "" : `[${pod}] `}${text}`,
  );
}

function spanOf(firstMs: number | undefined, lastMs: number | undefined): string {
  if (firstMs === undefined || lastMs === undefined) return "";
  return ` ${new Date(firstMs).toISOString()} to ${new Date(lastMs).toISOString()}`;
}
