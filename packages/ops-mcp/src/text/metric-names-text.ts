import type { MetricsListed } from "../list-metrics.ts";

/** One line a name. */
export function metricNamesText(listed: MetricsListed): string {
  const head = [
    `metrics of ${listed.source}${listed.match === null ? "" : ` matching ${JSON.stringify(listed.match)}`}`,
    `total ${listed.total}; shown ${listed.shown.length}, left out ${listed.omitted}${listed.cursor === null ? "" : `; more: cursor ${listed.cursor}`}`,
    `panels: ${listed.panels.join(", ")}`,
  ];
  const rows = listed.shown.map(({ name, type, help }) =>
    [name, type === null ? "" : `(${type})`, help === null ? "" : help.slice(0, 120)]
      .filter((part) => part !== "")
      .join(" "),
  );
  return [...head, ...rows].join("\n");
}
