import {
  appendFileSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";

const rotateOverBytes = 64 * 1024 * 1024;
const tailBytes = 64 * 1024;

/** A log opened for appending; whoever inherits `fd` writes on after this process has ended. */
export type LogFile = {
  readonly fd: number;
  /** Where the part begins that is written from now on. */
  readonly startOffset: number;
};

/** Opens a log for appending. One over 64 MB is first moved to `.1`, in place of the last `.1`. */
export function openLogFile(path: string, maxBytes: number = rotateOverBytes): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maxBytes) renameSync(path, `${path}.1`);
  const fd = openSync(path, "a", 0o640);
  return { fd, startOffset: fstatSync(fd).size };
}

/** Adds an entry to a log, by its path or `fd`. A full disk costs the entry, not the stack. */
export function writeIfPossible(file: string | number, entry: string): void {
  try {
    appendFileSync(file, entry);
  } catch {
    // There is no better place to complain than the log that cannot be written.
  }
}

/** The last lines of a log, oldest first, of at most its last 64 KB and nothing before an offset. */
export function lastLines(path: string, count: number, fromOffset = 0): string[] {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const start = Math.max(fromOffset, size - tailBytes);
  if (size <= start) return [];
  const fd = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(size - start);
    const length = readSync(fd, buffer, 0, buffer.length, start);
    const lines = buffer.toString("utf8", 0, length).split("\n");
    // The first line of a tail that begins inside the file is cut off.
    const whole = start > fromOffset ? lines.slice(1) : lines;
    return whole.filter((line) => line !== "").slice(-count);
  } finally {
    closeSync(fd);
  }
}

/**
 * The line that says best why a process ended: the last fatal or error entry the process logged
 * itself, else the first line on standard error that speaks of an error, else its last line there.
 */
export function lastError(lines: readonly string[]): string | undefined {
  const entries = lines.flatMap(parseEntry);
  const logged = entries.findLast((entry) => entry.stream !== "stderr" && isError(entry));
  if (logged) return describe(logged);
  const raw = entries.filter((entry) => entry.stream === "stderr" && entry.msg.trim() !== "");
  return (raw.find((entry) => /error|fatal/i.test(entry.msg)) ?? raw.at(-1))?.msg.trim();
}

/** A log line as a person reads it; one that is no JSON stays as it is. */
export function readableLine(line: string): string {
  const [entry] = parseEntry(line);
  return entry ? `${entry.time} ${entry.level} ${describe(entry)}`.trim() : line;
}

/** Wraps a line of standard error, so that the log stays one JSON object a line. */
export function stderrEntry(service: string, pid: number, line: string, now: Date): string {
  const entry = { level: "error", time: now.toISOString(), service, pid, msg: line };
  return `${JSON.stringify({ ...entry, stream: "stderr" })}\n`;
}

/** What the supervisor itself has to say in a service's log. */
export function supervisorEntry(service: string, msg: string, now: Date): string {
  const entry = { level: "warn", time: now.toISOString(), service, pid: process.pid, msg };
  return `${JSON.stringify({ ...entry, by: "stack" })}\n`;
}

type Entry = {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly stream: string;
  readonly cause: string;
};

function parseEntry(line: string): Entry[] {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return [];
    const error = "err" in value ? value.err : undefined;
    const entry = {
      level: textOf(value, "level"),
      time: textOf(value, "time"),
      msg: textOf(value, "msg"),
      stream: textOf(value, "stream"),
      cause: typeof error === "object" && error !== null ? textOf(error, "message") : "",
    };
    return [entry];
  } catch {
    // A line of something that does not log in JSON, or one that was cut short.
    return [];
  }
}

function textOf(value: object, key: string): string {
  const found: unknown = Reflect.get(value, key);
  return typeof found === "string" ? found : "";
}

function isError(entry: Entry): boolean {
  return entry.level === "error" || entry.level === "fatal";
}

function describe(entry: Entry): string {
  return entry.cause === "" ? entry.msg : `${entry.msg}: ${entry.cause}`;
}
