import { redact } from "@resonance/redact";
import { codeSpan } from "./phrases.ts";

const longest = 80;

/** What somebody asked, quoted: without secrets, in one line, and cut where it is long. */
export function quotedWords(asked: string): string {
  // Whole before it is cut: half a secret may be one that nobody can recognise.
  const line = redact(asked).text.replace(/\s+/g, " ").trim();
  const characters = [...line];
  const cut = characters.length > longest ? `${characters.slice(0, longest).join("")}…` : line;
  return codeSpan(cut);
}
