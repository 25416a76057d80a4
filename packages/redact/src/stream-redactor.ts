import { isInsideKeyBlock } from "./detect/key-blocks.ts";
import { findSecrets } from "./find-secrets.ts";
import { redact } from "./redact.ts";
import { mergeSpans, redactedMark, replaceSpans, type Span } from "./span.ts";

/** What is held back, so that a secret is whole when it is judged. */
const holdBack = 8_192;
/** More is not kept: then a text without line breaks is cut between its words. */
const maxPending = 262_144;

/**
 * Redacts a text that comes in chunks, wherever their edges fall. `write` returns what is safe to
 * pass on and keeps the last 8 KiB or so; `end` returns the rest. What comes out, joined, holds no
 * secret that {@link redact} would find in the whole. At most 256 KiB wait.
 */
export class StreamRedactor {
  #pending = "";
  #insideKeyBlock = false;
  #skipping = false;
  /** Small chunks are not each a reason to look at all that waits. */
  #lookAt = 2 * holdBack;

  write(chunk: string): string {
    this.#pending += this.#skipping ? this.#afterSkipped(chunk) : chunk;
    if (this.#pending.length < this.#lookAt) return "";
    const spans = findSecrets(this.#pending, { insideKeyBlock: this.#insideKeyBlock });
    const cut = safeCut(this.#pending, spans);
    let safe = "";
    if (cut > 0) safe = this.#take(cut, spans);
    else if (this.#pending.length > maxPending) safe = this.#takeByForce(spans);
    this.#lookAt = Math.max(2 * holdBack, this.#pending.length + holdBack);
    return safe;
  }

  end(): string {
    const rest = redact(this.#pending, { insideKeyBlock: this.#insideKeyBlock }).text;
    this.#pending = "";
    return rest;
  }

  #take(cut: number, spans: readonly Span[]): string {
    const head = this.#pending.slice(0, cut);
    const marked = replaceSpans(
      head,
      spans.filter((span) => span.end <= cut),
    );
    const options = { insideKeyBlock: this.#insideKeyBlock };
    this.#insideKeyBlock = isInsideKeyBlock(head, this.#insideKeyBlock);
    this.#pending = this.#pending.slice(cut);
    return redact(marked, options).text;
  }

  /** No place to cut: one secret, or one word, fills all of it. It is passed over to its end. */
  #takeByForce(spans: readonly Span[]): string {
    const open = spans.findLast((span) => span.end > this.#pending.length - holdBack);
    const head = this.#pending.slice(0, open ? (open.from ?? open.start) : 0);
    const marked = replaceSpans(
      head,
      spans.filter((span) => span.end <= head.length),
    );
    this.#pending = "";
    this.#skipping = true;
    return redact(marked).text + redactedMark;
  }

  #afterSkipped(chunk: string): string {
    const end = chunk.search(/\s/);
    if (end < 0) return "";
    this.#skipping = false;
    return chunk.slice(end);
  }
}

/** The last place before what is held back where no secret, nor what marks one, is cut in two. */
function safeCut(text: string, spans: readonly Span[]): number {
  const limit = text.length - holdBack;
  const whole = mergeSpans(
    spans.map((span) => ({
      ...span,
      start: span.kind === "key_block" ? span.start : (span.from ?? span.start),
    })),
  );
  return (
    lastOutside(text, whole, { limit, boundary: "\n" }) ||
    (text.length > maxPending / 2 ? lastOutside(text, whole, { limit, boundary: " " }) : 0) ||
    (text.length > maxPending ? lastOutside(text, whole, { limit, boundary: "," }) : 0)
  );
}

function lastOutside(
  text: string,
  spans: readonly Span[],
  where: { limit: number; boundary: string },
): number {
  let at = text.lastIndexOf(where.boundary, where.limit - 1) + 1;
  for (const span of spans.toReversed()) {
    if (span.start >= at) continue;
    if (span.end < at) break;
    at = text.lastIndexOf(where.boundary, span.start - 1) + 1;
    if (span.start === 0) return 0;
  }
  return at;
}
