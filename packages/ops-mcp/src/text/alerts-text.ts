import type { AlertsListed } from "../get-alerts.ts";

/** One line an alert, the worst first. */
export function alertsText(listed: AlertsListed): string {
  const head = [
    `alerts of ${listed.source} at ${listed.at}${listed.service === null ? "" : ` about ${listed.service}`}`,
    `total ${listed.total}, firing ${listed.firing}; shown ${listed.shown.length}, left out ${listed.omitted}${listed.cursor === null ? "" : `; more: cursor ${listed.cursor}`}`,
  ];
  const rows = listed.shown.map(({ name, severity, state, since, summary, labels }) => {
    const named = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    return `${name} (${severity || "no severity"}, ${state} since ${since}): ${summary} [${named.join(", ")}]`;
  });
  return [...head, ...rows].join("\n");
}
