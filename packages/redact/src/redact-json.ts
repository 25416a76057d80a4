import { nameLevel } from "./detect/sensitive-name.ts";
import { isSecretValue } from "./detect/value-kind.ts";
import { redact } from "./redact.ts";
import { redactedMark } from "./span.ts";

/**
 * A copy of a JSON value with the secrets taken out of all its strings, keys included. A key such
 * as `password` marks every string and number below it; a pair such as `{name: "DB_PASSWORD",
 * value: "…"}` marks its value. The strings of an array are read as consecutive lines, so that a
 * key block that spans them is found. Shapes stay shapes and strings strings: the copy has the
 * type of the original.
 */
export function redactJson<Value>(value: Value, redactText: RedactText = redacted): Value {
  // Only strings, and numbers under sensitive keys, become other strings.
  return redactValue(value, redactText) as Value;
}

type RedactText = (text: string) => string;

const redacted: RedactText = (text) => redact(text).text;

function redactValue(value: unknown, redactText: RedactText): unknown {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return redactArray(value, redactText);
  if (value === null || typeof value !== "object") return value;
  return redactObject(value, redactText);
}

function redactObject(value: object, redactText: RedactText): Record<string, unknown> {
  const entries = Object.entries(value);
  const named = entries.find(([key]) => /^(?:name|key|field|header|variable|label)$/i.test(key));
  const marksValue = typeof named?.[1] === "string" && isStrong(named[1]);
  return Object.fromEntries(
    entries.map(([key, item]) => {
      const isMarked =
        isStrong(key) || (marksValue && /^(?:value|val|default|data|content)$/i.test(key));
      return [
        redactText(key),
        isMarked ? hidden(item, key, redactText) : redactEntry(key, item, redactText),
      ];
    }),
  );
}

function isStrong(key: string): boolean {
  const level = nameLevel(key);
  return level === "certain" || level === "likely";
}

/** Weak keys (`signature`, `some_key`) hide what looks random. */
function redactEntry(key: string, item: unknown, redactText: RedactText): unknown {
  const isWeak =
    typeof item === "string" && nameLevel(key) === "weak" && isSecretValue(item, "weak", true);
  return isWeak ? redactedMark : redactValue(item, redactText);
}

function hidden(item: unknown, key: string, redactText: RedactText): unknown {
  if (typeof item === "string") {
    const level = nameLevel(key) ?? "certain";
    return isSecretValue(item, level, true) ? redactedMark : redactValue(item, redactText);
  }
  if (typeof item === "number" && nameLevel(key) === "certain") return redactedMark;
  if (Array.isArray(item)) return item.map((one) => hidden(one, key, redactText));
  if (item === null || typeof item !== "object") return item;
  return Object.fromEntries(
    Object.entries(item).map(([inner, one]) => [
      redactText(inner),
      hidden(one, nameLevel(inner) ? inner : key, redactText),
    ]),
  );
}

/**
 * Strings in a row are lines of one text, and so are the strings under one key of objects in a row
 * (log lines): a secret may begin in one and end in another.
 */
function redactArray(value: readonly unknown[], redactText: RedactText): unknown[] {
  if (value.length > 1 && value.every((item) => typeof item === "string"))
    return redactLines(value, redactText);
  const items =
    value.length > 1 && value.every(isRecord) ? redactColumns(value, redactText) : value;
  return items.map((item) => redactValue(item, redactText));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function redactColumns(
  rows: readonly Record<string, unknown>[],
  redactText: RedactText,
): Record<string, unknown>[] {
  const copies = rows.map((row) => ({ ...row }));
  for (const key of new Set(rows.flatMap((row) => Object.keys(row)))) {
    const holders = copies.filter((row) => typeof row[key] === "string");
    if (holders.length < 2) continue;
    const lines = redactLines(
      holders.map((row) => String(row[key])),
      redactText,
    );
    for (const [index, row] of holders.entries()) row[key] = lines[index];
  }
  return copies;
}

function redactLines(items: readonly string[], redactText: RedactText): string[] {
  const lines = redactText(items.join("\n")).split("\n");
  let at = 0;
  const whole = items.map((item) => {
    const count = item.split("\n").length;
    at += count;
    return lines.slice(at - count, at).join("\n");
  });
  // Marks never take or leave line breaks; if they did, nothing could be told apart.
  return at === lines.length ? whole : items.map(() => redactedMark);
}
