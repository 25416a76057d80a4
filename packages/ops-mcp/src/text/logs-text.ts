import type { LogsFound } from "../get-logs.ts";
import { windowText } from "./window-text.ts";

/** Log lines with what was searched, the totals and what is left out. */
export function logsText(found: LogsFound): string {
  const levels = Object.entries(found.byLevel)
    .filter(([, count]) => count > 0)
    .map(([level, count]) => `${level} ${count}`)
    .join(", ");
  const filters = [
    found.level === null ? "" : `level>=${found.level}`,
    found.include === null ? "" : `include ${JSON.stringify(found.include)}`,
    found.exclude === null ? "" : `exclude ${JSON.stringify(found.exclude)}`,
  ].filter((part) => part !== "");
  const head = [
    `logs of ${found.service}; ${windowText(found.window)}; ${filters.join(", ") || "no filter"}`,
    `${found.complete ? "total" : "INCOMPLETE, at least"} ${found.total} (${levels || "none"}); shown: the last ${found.shown.length}; left out ${found.omitted}`,
  ];
  if (!found.complete) head.push("claim no number from this; narrow the window");
  if (found.logBegins !== null) head.push(`the log begins only at ${found.logBegins}`);
  if (found.firstError) head.push(`first error: ${found.firstError.text}`);
  return [...head, ...found.shown.map(({ text }) => text)].join("\n");
}
