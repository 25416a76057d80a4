export type LogLevel = "error" | "warn";

// The word as loggers write it: in capitals, as the first word, or as the value of a level field.
const error =
  /\b(?:ERROR|ERR|FATAL|PANIC|CRITICAL|CRIT|EMERG)\b|^\s*\[?(?:error|fatal|panic)\b|\b(?:level|severity|lvl)["']?\s*[=:]\s*["']?(?:error|fatal|panic|crit)/;
const warn =
  /\b(?:WARN|WARNING)\b|^\s*\[?warn(?:ing)?\b|\b(?:level|severity|lvl)["']?\s*[=:]\s*["']?warn/;
// A level stands at the beginning; further on the word is part of what is told.
const headCharacters = 160;
const timestamped = /^\W{0,2}(?:\d{4}-\d\d-\d\d[T ]|\d\d:\d\d:\d\d|\{"(?:level|time|ts)")/;

/** How serious a log line says it is; undefined for everything below a warning. */
export function logLevelOf(line: string): LogLevel | undefined {
  const head = line.slice(0, headCharacters);
  if (error.test(head)) return "error";
  return warn.test(head) ? "warn" : undefined;
}

/** The time at which a line begins, or an empty string. */
export function timeOf(line: string): string {
  return (
    /^\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?(?=\s)/.exec(
      line,
    )?.[0] ?? ""
  );
}

/** Whether most lines begin with a time or are JSON records, so that the last ones matter most. */
export function looksLikeLog(lines: readonly string[]): boolean {
  const filled = lines.filter((line) => line.trim() !== "");
  return (
    filled.length > 1 && filled.filter((line) => timestamped.test(line)).length * 2 > filled.length
  );
}
