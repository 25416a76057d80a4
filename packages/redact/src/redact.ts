import { type FindOptions, findSecrets } from "./find-secrets.ts";
import { replaceSpans, type SecretKind } from "./span.ts";

export type Redacted = {
  readonly text: string;
  /** The kinds of what was taken out, in the order of the text; empty when it was left alone. */
  readonly found: readonly SecretKind[];
};

// What is left may only show itself as a secret when its neighbour is gone; in practice the second
// look finds nothing.
const maxPasses = 4;

/**
 * The text with its secrets replaced by marks. Synchronous, linear in the length of the text, and
 * without effect on its own result. Give it whole texts and cut afterwards, or use
 * {@link StreamRedactor}: half a secret may be one that nobody can recognise.
 */
export function redact(text: string, options: FindOptions = {}): Redacted {
  const found: SecretKind[] = [];
  let result = text;
  for (let pass = 0; pass < maxPasses; pass += 1) {
    const spans = findSecrets(result, options);
    if (spans.length === 0) break;
    const next = replaceSpans(result, spans);
    if (next === result) break;
    found.push(...spans.map((span) => span.kind));
    result = next;
  }
  return { text: result, found };
}
