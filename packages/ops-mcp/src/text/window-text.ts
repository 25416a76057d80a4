import type { Window } from "../window.ts";

/** The window in UTC and in the reader's zone, and whether anybody named it. */
export function windowText(window: Window): string {
  const own =
    window.timeZone === "UTC"
      ? ""
      : ` (${window.fromLocal} to ${window.untilLocal} ${window.timeZone})`;
  const assumed = window.isDefault ? "; assumed, nobody named one: say so" : "";
  return `window ${window.from} to ${window.until}${own}${assumed}`;
}

/** At most three significant digits behind the point. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
