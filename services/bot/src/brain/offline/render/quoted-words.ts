import { truncateRedacted } from "@resonance/ops-mcp";
import { redaction } from "@resonance/redact";
import { codeSpan } from "./phrases.ts";

const longest = 80;

/** What somebody asked, quoted: without secrets, in one line, and cut where it is long. */
export function quotedWords(asked: string): string {
  // In its lines first: a key of several lines is none in one.
  const line = redaction.text(asked).replace(/\s+/g, " ").trim();
  return codeSpan(truncateRedacted(line, longest, { mark: () => "…" }));
}
