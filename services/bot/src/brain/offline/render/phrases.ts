import { formatLocal, type Window } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";

/** A text in both languages. */
export type Both = { readonly zh: string; readonly en: string };

/** The window's ends in the reader's zone and, where that is another, in UTC. */
export function windowText(
  window: Window,
  language: Language,
  precision: "s" | "ms" = "s",
): string {
  const own = span(window, window.timeZone, precision);
  if (window.timeZone === "UTC") return `${own} UTC`;
  const utc = span(window, "UTC", precision);
  return language === "zh"
    ? `${own}（${window.timeZone}；UTC ${utc}）`
    : `${own} (${window.timeZone}; UTC ${utc})`;
}

/** Whether a window is one day, from midnight to midnight. */
export function isOneDay({ fromMs, untilMs, fromLocal, untilLocal }: Window): boolean {
  const isMidnight = fromLocal.endsWith("00:00:00") && untilLocal.endsWith("00:00:00");
  return isMidnight && Math.abs(untilMs - fromMs - 86_400_000) <= 7_200_000;
}

/** "last 5 min": how long the window is, "5 min" where it is over; or which day it is. */
export function lengthText(window: Window, language: Language): string {
  if (isOneDay(window)) return window.fromLocal.slice(0, 10);
  const seconds = Math.round((window.untilMs - window.fromMs) / 1_000);
  const minutes = seconds / 60;
  // From midnight or 14:00 on it is no round number.
  if (minutes >= 1 && !Number.isInteger(minutes)) {
    return upToNow(durationText(seconds, language), window, language);
  }
  const [count, unit] = lengthParts(minutes);
  return upToNow(`${count} ${unit[language]}`, window, language);
}

function upToNow(length: string, { endsNow }: Window, language: Language): string {
  if (!endsNow) return length;
  return language === "zh" ? `最近 ${length}` : `last ${length}`;
}

/** Says which window was assumed, or nothing when the asker named one. */
export function defaultWindowText(window: Window, language: Language): string {
  if (!window.isDefault) return "";
  return language === "zh"
    ? "（你没有指定时间，按最近 1 小时查询）"
    : " (no window was named: the last hour is assumed)";
}

/** A point in time as the reader's clock shows it. */
export function instantText(iso: string, window: Window): string {
  const shown = formatLocal(Date.parse(iso), window.timeZone);
  const isSameDay = shown.slice(0, 10) === window.untilLocal.slice(0, 10);
  return isSameDay && !isOneDay(window) ? shown.slice(11) : shown;
}

/** In the unit that fits. */
export function bytesText(bytes: number): string {
  if (bytes < 1024 ** 2) return `${Math.round(bytes / 1024)} KiB`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
  return `${(bytes / 1024 ** 3).toFixed(2)} GiB`;
}

/** "1 line", "2 lines". */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** At most three digits behind the point, and none that say nothing. */
export function numberText(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return value > 0 ? "<0.001" : ">-0.001";
  return String(Math.round(value * 1_000) / 1_000);
}

/** Cut down to its two largest units. */
export function durationText(seconds: number, language: Language): string {
  const zh = language === "zh";
  if (seconds < 60) return zh ? `${seconds} 秒` : `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} ${zh ? "分钟" : "min"}`;
  const hours = Math.floor(seconds / 3_600);
  if (hours < 48)
    return `${hours} ${zh ? "小时" : "h"} ${Math.floor((seconds % 3_600) / 60)} ${zh ? "分" : "min"}`;
  return `${Math.floor(hours / 24)} ${zh ? "天" : "d"}`;
}

/** A GitHub table. A bar in a cell would end it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text of somebody else's as inline code, whatever backticks are in it. */
export function codeSpan(text: string): string {
  const ticks = "`".repeat(longestRun(text) + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${ticks}${pad}${text}${pad}${ticks}`;
}

/** Lines of somebody else's as a block that none of them can end. */
export function codeBlock(kind: string, lines: readonly string[]): string {
  const fence = "`".repeat(Math.max(3, ...lines.map((line) => longestRun(line) + 1)));
  return [fence + kind, ...lines, fence].join("\n");
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

function span(window: Window, timeZone: string, precision: "s" | "ms"): string {
  const from = stamp(window.fromMs, timeZone, precision);
  const until = stamp(window.untilMs, timeZone, precision);
  const isOneDay = from.slice(0, 10) === until.slice(0, 10);
  return `${from} – ${isOneDay ? until.slice(11) : until}`;
}

function stamp(ms: number, timeZone: string, precision: "s" | "ms"): string {
  const fraction = precision === "ms" ? `.${String(ms % 1_000).padStart(3, "0")}` : "";
  return formatLocal(ms, timeZone) + fraction;
}

function lengthParts(minutes: number): [number, Both] {
  if (minutes < 1) return [Math.round(minutes * 60), { zh: "秒", en: "s" }];
  if (minutes >= 2_880 && minutes % 1_440 === 0) return [minutes / 1_440, { zh: "天", en: "days" }];
  if (minutes >= 60 && minutes % 60 === 0) return [minutes / 60, { zh: "小时", en: "h" }];
  return [minutes, { zh: "分钟", en: "min" }];
}
