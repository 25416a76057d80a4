/** `2026-11-22 18:34:17` in the zone. */
export function formatLocal(ms: number, timeZone: string): string {
  // Swedish writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).format(ms);
}

/**
 * The instant at which clocks in the zone show this. A time that a change of clocks skips is read
 * as the one before the change.
 */
export function instantOf(date: string, time: string, timeZone: string): number {
  const asUtcMs = Date.parse(`${date}T${time}Z`);
  const roughMs = asUtcMs - offsetMs(asUtcMs, timeZone);
  return asUtcMs - offsetMs(roughMs, timeZone);
}

/** `2026-11-22`: the day that it is in the zone, `days` later. */
export function localDate(ms: number, timeZone: string, days = 0): string {
  const today = Date.parse(`${formatLocal(ms, timeZone).slice(0, 10)}T00:00:00Z`);
  return new Date(today + days * 86_400_000).toISOString().slice(0, 10);
}

function offsetMs(ms: number, timeZone: string): number {
  const shown = Date.parse(`${formatLocal(ms, timeZone).replace(" ", "T")}Z`);
  return shown - Math.floor(ms / 1_000) * 1_000;
}
