import { plain, readValue, sticky, type Value } from "./read-value.ts";
import { nameLevel } from "./sensitive-name.ts";
import { isSecretValue } from "./value-kind.ts";

/**
 * The literal that an expression falls back to: `process.env.X ?? "…"`, `a ? b() : "…"`,
 * `{{ x | default('…') }}`, and the one that it prints: `$(echo '…')`.
 */
export function fallbackOf(text: string, at: number): Value | undefined {
  const lead = sticky(printing, text, at) ?? sticky(falling, text, at);
  return lead ? readValue(text, at + lead[0].length, plain) : undefined;
}

const printing =
  /["']?(?:\$\(|`)(?:echo|printf)[ \t]{1,4}(?:-\w{1,3}[ \t]{1,4}|["']%s(?:\\n)?["'][ \t]{1,4}){0,3}(?=[^\s$`)-])|["']?\$\(cat[ \t]{0,2}<<-?[ \t]{0,2}["']?\w{1,20}["']?\r?\n[ \t]{0,8}(?=[^\s$])/y;
const falling =
  /(?:[\w.$!?>()[\]{}|&%,@ -]|:(?=[:\w])|\\{0,3}["'][\w.:/-]{0,80}\\{0,3}["']){1,160}?(?:\?\?=?|\|\|=?|\?:|\bor\b| :|\belse\b|\bdefault\b\(?|\b(?:unwrap_or|orElse)\()[ \t]{0,4}(?=\\{0,3}["'`][^\s"'`])/y;

/** A literal that stands for a secret where none is given, neither the name of one nor a remark. */
export function isDefault(content: string): boolean {
  if (/\s/.test(content) && !/\d/.test(content)) return false;
  if (/^[a-z_.-]+$/i.test(content) && nameLevel(content)) return false;
  return isSecretValue(content, "likely", true);
}
