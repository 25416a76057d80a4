import { redaction } from "@resonance/redact";

export type TruncateOptions = {
  /** Whether the end of the text is missing already. */
  readonly isCut?: boolean;
  /** What is said of the characters that are left out; nothing unless told. */
  readonly mark?: (omittedCharacters: number) => string;
  /** Without effect on its own result; the process's own redaction unless told. */
  readonly redact?: (text: string) => string;
};

const searchedBeyond = 64 * 1024;
/** Beyond a cut within it, hardly a secret can be told from other characters. */
const longestSecret = 8_192;

/**
 * The first so many characters of a text, after its secrets were taken out: the one way to shorten
 * a text that comes from outside. Half a secret may be one that nobody can recognise, so 64 KiB
 * beyond the cut are searched, too. Where the text goes on behind them, or its end `isCut`, what
 * stands last may be such a half: the last 8,192 characters are not shown. Searches no more than
 * that of a longer text; never cuts within a character.
 */
export function truncateRedacted(
  text: string,
  maxCharacters: number,
  { isCut = false, mark, redact = redaction.text }: TruncateOptions = {},
): string {
  const searched = text.slice(0, maxCharacters + searchedBeyond);
  const unsearched = text.length - searched.length;
  const redacted = redact(searched);
  const whole = redacted.length - (isCut || unsearched > 0 ? longestSecret : 0);
  if (whole === redacted.length && whole <= maxCharacters) return redacted;
  const end = endOfCharacter(redacted, Math.max(0, Math.min(whole, maxCharacters)));
  return redacted.slice(0, end) + (mark?.(redacted.length - end + unsearched) ?? "");
}

/** The place itself, or the one before where it lies between the two halves of one character. */
function endOfCharacter(text: string, at: number): number {
  return /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) ? at - 1 : at;
}
