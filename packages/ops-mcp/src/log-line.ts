/** Ascending severity. */
export const levels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type Level = (typeof levels)[number];

/** What the beginning of a line says; undefined where it says nothing. */
export type LineHead = {
  readonly atMs: number | undefined;
  readonly level: Level | undefined;
};

/** Whether a level is at least as severe as another. */
export function isAtLeast(level: Level, lowest: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(lowest);
}

/** Reads time and severity of a line of pino, NATS, MariaDB, MySQL or anything that begins so. */
export function readHead(line: string): LineHead {
  if (line.startsWith("{")) return readJsonHead(line);
  const nats = natsLine.exec(line);
  if (nats) {
    const [, year, month, day, time, utc, word] = nats;
    const atMs = Date.parse(`${year}-${month}-${day}T${time}${utc ? "Z" : ""}`);
    return { atMs: validTime(atMs), level: levelOf(word) };
  }
  const server = serverLine.exec(line);
  if (!server) return { atMs: undefined, level: undefined };
  const [, date, time, zone, word] = server;
  const padded = time?.padStart(time.indexOf(":") === 1 ? time.length + 1 : 0, "0");
  return {
    atMs: validTime(Date.parse(`${date}T${padded?.replace(",", ".")}${zone ?? ""}`)),
    level: levelOf(word),
  };
}

/** The severity of a line that has no head of its own, by its first words. */
export function guessLevel(line: string): Level | undefined {
  const beginning = line.slice(0, 200);
  if (/^(?:fatal|panic)\b|\bFATAL\b/i.test(beginning)) return "fatal";
  if (/^(?:Uncaught\b|(?:[\w.]{1,60})?(?:Error|Exception)\b)|\bERROR\b/.test(beginning))
    return "error";
  return /\bwarning\b/i.test(beginning) ? "warn" : undefined;
}

// Without a zone these servers write the time of this machine's zone, as Date.parse reads it.
const natsLine =
  /^\[\d+\] (\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d*( UTC)? \[(\w{3})\]/;
const serverLine =
  /^\[?(\d{4}-\d\d-\d\d)[T ]{1,2}(\d{1,2}:\d\d:\d\d(?:[.,]\d{1,3})?)\d*(Z|[+-]\d\d:?\d\d)?\]?(?:\s+\d+)?(?:\s+\[?(\w{3,8})\]?)?/;
// What our own services write first; anything else is parsed as a whole.
const pinoHead = /^\{"level":"([a-z]{4,5})","time":"([^"]{10,40})"/;

function readJsonHead(line: string): LineHead {
  const quick = pinoHead.exec(line);
  if (quick?.[2]) return { atMs: validTime(Date.parse(quick[2])), level: levelOf(quick[1]) };
  const fields = parseFields(line);
  if (!fields) return { atMs: undefined, level: undefined };
  const time = fields.time ?? fields.timestamp ?? fields.ts;
  return {
    atMs: validTime(typeof time === "number" ? time : Date.parse(String(time))),
    level: levelOf(fields.level ?? fields.severity),
  };
}

/** The fields of a JSON line, or undefined when it is none. */
export function parseFields(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    // A text that begins with a brace and parses is an object.
    return value as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function levelOf(word: unknown): Level | undefined {
  if (typeof word === "number") return levels[Math.floor(word / 10) - 1];
  return typeof word === "string" ? words.get(word.toLowerCase()) : undefined;
}

/** Undefined for what no date can show: another unit than milliseconds, or nonsense. */
function validTime(ms: number): number | undefined {
  return Math.abs(ms) <= latestMs ? ms : undefined;
}

const latestMs = 8.64e15;

const words = new Map<string, Level>([
  ...levels.map((level): [string, Level] => [level, level]),
  ["trc", "trace"],
  ["dbg", "debug"],
  ["inf", "info"],
  ["note", "info"],
  ["notice", "info"],
  ["system", "info"],
  ["wrn", "warn"],
  ["warning", "warn"],
  ["err", "error"],
  ["ftl", "fatal"],
  ["critical", "fatal"],
]);
