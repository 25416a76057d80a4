import { type Level, parseFields } from "./log-line.ts";
import { truncateRedacted } from "./truncate-redacted.ts";

/** A line of a log as it is shown. */
export type LogLine = {
  /** RFC 3339, or null for a line without a time of its own. */
  readonly at: string | null;
  readonly level: Level;
  /** `10:34:17.123Z WARN message key=value`, or the line itself where it is no JSON. */
  readonly text: string;
  /** As it stands in the file, up to its first 2,000 characters. */
  readonly raw: string;
  /** Not a match itself: it stands next to one. */
  readonly isContext?: true;
  /** The pod that wrote it, where several were read. */
  readonly pod?: string;
};

const maxTextCharacters = 1_000;
const maxRawCharacters = 2_000;
// Said once for the whole answer, or in the text already.
const leftOut = new Set(["level", "time", "service", "pid", "hostname", "msg", "v"]);

/**
 * A line as it is shown. Values stand as in the file, so that what is shown can be found there
 * again.
 */
export function formatLine(
  raw: string,
  head: { readonly atMs: number | undefined; readonly level: Level },
  omittedBytes: number,
): LogLine {
  const shown = visible(raw);
  const isCut = omittedBytes > 0;
  const mark = (omitted: number) => ` …(+${omitted} characters)`;
  const endMark = isCut ? ` …(+${omittedBytes} bytes)` : "";
  const cut = (text: string, maxCharacters: number) =>
    truncateRedacted(text, maxCharacters, { isCut, mark }) + endMark;
  return {
    at: head.atMs === undefined ? null : new Date(head.atMs).toISOString(),
    level: head.level,
    text: cut(compactText(raw, head) ?? shown, maxTextCharacters),
    raw: cut(shown, maxRawCharacters),
  };
}

/** What a filter looks at: the line as it is shown, but whole. */
export function searchableText(raw: string, head: { readonly level: Level }): string {
  return compactText(raw, head) ?? raw;
}

function compactText(raw: string, head: { readonly level: Level }): string | undefined {
  const fields = parseFields(raw);
  if (!fields) return undefined;
  const time = fields.time;
  const parts = [
    typeof time === "string" ? time.slice(time.indexOf("T") + 1) : undefined,
    head.level.toUpperCase(),
    visible(String(fields.msg ?? "")),
    ...Object.entries(fields)
      .filter(([key]) => !leftOut.has(key))
      .map(([key, value]) => `${key}=${formatValue(key, value)}`),
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(" ");
}

function formatValue(key: string, value: unknown): string {
  if (typeof value === "string") return /^[^\s"=]+$/.test(value) ? visible(value) : quoted(value);
  if (key === "err" && value !== null && typeof value === "object" && "message" in value) {
    const code = "code" in value ? ` code=${quoted(value.code)}` : "";
    // A stack is a page of its own; the raw line has it.
    return quoted(value.message) + code;
  }
  return quoted(value);
}

function quoted(value: unknown): string {
  return JSON.stringify(value) ?? "undefined";
}

/** Control characters as escapes: a log line must not move the reader's cursor or turn his text. */
function visible(text: string): string {
  return text.replace(/(?!\t)[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === "\n" ? "\\n" : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
