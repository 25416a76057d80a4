/** What stands in the place of a secret. Redacting a redacted text changes nothing. */
export const redactedMark = "[redacted]";

/**
 * A copy of a tool's output with the secrets in all its strings replaced. The strings of an array
 * are taken as consecutive lines, so that a key block that spans them is found.
 */
export function redact<Value>(value: Value): Value {
  // Strings stay strings and shapes stay shapes: the copy has the type of the original.
  return redactValue(value) as Value;
}

/** The text with secrets replaced. Cut a text after this, never before: half a secret hides. */
export function redactText(text: string): string {
  let result = text;
  for (const { pattern, replacement } of rules) result = result.replace(pattern, replacement);
  return result;
}

const keyBegin = /-----BEGIN [A-Z0-9 ]{1,40}-----/;
const keyEnd = /-----END [A-Z0-9 ]{1,40}-----/;

// Each repetition is bounded or starts where no other match can start: no rule is worse than
// linear in the length of the text.
const rules: readonly { pattern: RegExp; replacement: string }[] = [
  {
    pattern: /-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g,
    replacement: redactedMark,
  },
  {
    pattern: /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
    replacement: redactedMark,
  },
  {
    pattern: /\b(bearer|basic)\s{1,8}(?!\[redacted)[\w.~+/=-]{8,}/gi,
    replacement: `$1 ${redactedMark}`,
  },
  {
    pattern: /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/:@"']{0,256}:[^\s/@"']{1,256}@/gi,
    replacement: `$1${redactedMark}@`,
  },
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, replacement: redactedMark },
  {
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|xox[abpr]-[\w-]{10}|sk-[\w-]{20})[\w-]*/g,
    replacement: redactedMark,
  },
  {
    pattern:
      /((?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|authorization|cookie)\\?["']?\s{0,4}[=:]\s{0,4})(?!\\?["']?\[redacted)(\\?"[^"\\]*\\?"|'[^']*'|(?:bearer|basic)\s{1,8}[^\s,;&"'}\]]+|[^\s,;&"'}\]\\]+)/gi,
    replacement: `$1${redactedMark}`,
  },
];

function redactValue(value: unknown): unknown {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) {
    const lines = value.every((item) => typeof item === "string");
    return lines ? redactLines(value) : value.map(redactValue);
  }
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item)]));
}

function redactLines(lines: readonly string[]): string[] {
  let insideKey = false;
  return lines.map((line) => {
    if (insideKey) {
      insideKey = !keyEnd.test(line);
      return redactedMark;
    }
    const begin = keyBegin.exec(line);
    insideKey = begin !== null && !keyEnd.test(line.slice(begin.index));
    return redactText(line);
  });
}
