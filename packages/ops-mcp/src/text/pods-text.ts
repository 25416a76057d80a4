import type { PodsListed } from "../list-pods.ts";

/** One line a pod, totals by status first. */
export function podsText(listed: PodsListed): string {
  const totals = Object.entries(listed.totals).map(([status, count]) => `${status} ${count}`);
  const head = [
    `pods at ${listed.at} in ${listed.namespaces.join(", ")}${listed.target === null ? "" : ` of ${listed.target}`}`,
    `${listed.complete ? "total" : "INCOMPLETE, at least"} ${listed.total}${totals.length > 0 ? `: ${totals.join(", ")}` : ""}; shown ${listed.shown.length}, left out ${listed.omitted}`,
  ];
  if (listed.cursor !== null) head.push(`more: cursor ${listed.cursor}, or filter by status`);
  const rows = listed.shown.map((pod) =>
    [
      `${pod.namespace}/${pod.name}`,
      `ready ${pod.ready}`,
      pod.status,
      `restarts ${pod.restarts}`,
      pod.lastReason === null ? "" : `last ended: ${pod.lastReason}`,
      pod.ageSeconds === null ? "" : `age ${pod.ageSeconds}s`,
      pod.node === null ? "no node" : `on ${pod.node}`,
    ]
      .filter((part) => part !== "")
      .join(" · "),
  );
  return [...head, ...rows].join("\n");
}
