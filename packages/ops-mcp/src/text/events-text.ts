import type { EventsListed } from "../list-events.ts";
import { windowText } from "./window-text.ts";

/** One line a group, the newest first. */
export function eventsText(listed: EventsListed): string {
  const head = [
    `${listed.warningsOnly ? "warning " : ""}events of ${listed.source}${listed.target === null ? "" : ` about ${listed.target}`}; ${windowText(listed.window)}`,
    `${listed.complete ? "total" : "INCOMPLETE, at least"} ${listed.total} in ${listed.groups} groups; shown ${listed.shown.length} groups, left out ${listed.omitted}`,
  ];
  if (listed.cursor !== null) head.push(`more: cursor ${listed.cursor}`);
  const rows = listed.shown.map(
    (group) =>
      `${group.count}x ${group.reason} (${group.type}) on ${group.kind} ${group.objects.join(", ")}${group.objectsTotal > group.objects.length ? ` and ${group.objectsTotal - group.objects.length} more` : ""}; first ${group.firstAt}, last ${group.lastAt}: ${group.message}`,
  );
  return [...head, ...rows].join("\n");
}
