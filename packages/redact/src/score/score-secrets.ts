import { redact } from "../redact.ts";
import { redactJson } from "../redact-json.ts";
import { StreamRedactor } from "../stream-redactor.ts";
import { leakIn } from "./leaks.ts";
import type { SecretRow } from "./rows.ts";

export type Leak = {
  readonly id: string;
  readonly kind: string;
  /** The ways of the text through the boundary in which it leaked. */
  readonly ways: readonly string[];
};

/** The rows that leak in one of the ways that a text takes in the system. */
export function scoreSecrets(rows: readonly SecretRow[]): Leak[] {
  return rows.flatMap((row) => {
    const ways = Object.entries(waysOut(row))
      .filter(([, output]) => leakIn(output, row.secret, row.fragments ?? []) !== undefined)
      .map(([way]) => way);
    return ways.length > 0 ? [{ id: row.id, kind: row.kind, ways }] : [];
  });
}

/** What comes out, by way: whole, in chunks, cut at the secret, as a tool's lines. */
function waysOut(row: SecretRow): Readonly<Record<string, string>> {
  const { text, edge } = padded(row);
  const whole = redact(text).text;
  return {
    whole,
    twice: redact(whole).text,
    cut: cutBytes(whole, edge),
    chunks: streamed(text, edge),
    "small chunks": streamed(text, 61),
    lines: redactJson(text.split("\n")).join("\n"),
  };
}

/** The text with the padding that is asked for, and the byte of the secret's middle. */
export function padded(row: SecretRow): { text: string; edge: number } {
  const at = Math.max(0, row.text.indexOf(row.secret));
  const middle =
    Buffer.byteLength(row.text.slice(0, at)) + Math.floor(Buffer.byteLength(row.secret) / 2);
  const missing = (row.padTo ?? 0) - middle;
  if (missing <= 0) return { text: row.text, edge: Math.max(1, middle) };
  return { text: padding(missing) + row.text, edge: row.padTo ?? middle };
}

const paddingLine = "2026-11-26T10:15:00.000Z INFO gateway ready, nothing to report\n";

/** So many bytes of ordinary log lines, the last one ending in a line feed. */
function padding(bytes: number): string {
  const lines = paddingLine.repeat(Math.floor(bytes / paddingLine.length));
  const rest = bytes - lines.length;
  return rest === 0 ? lines : `${lines}${"-".repeat(rest - 1)}\n`;
}

function cutBytes(text: string, bytes: number): string {
  return Buffer.from(text).subarray(0, bytes).toString();
}

function streamed(text: string, chunkBytes: number): string {
  const redactor = new StreamRedactor();
  const decoder = new TextDecoder();
  const bytes = Buffer.from(text);
  let result = "";
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    result += redactor.write(decoder.decode(chunk, { stream: true }));
  }
  return result + redactor.write(decoder.decode()) + redactor.end();
}
