import { hash } from "node:crypto";
import { redact } from "./redact.ts";
import { redactJson } from "./redact-json.ts";

const mostKnown = 20_000;

/**
 * `redact` and `redactJson` for texts that come again: which texts had no secret is remembered, so
 * that what is told in every request, and what passes several boundaries, is searched once. Kept
 * are digests, at most 2 MB of them.
 *
 * @param redactText without effect on its own result; what it throws comes out, and is not kept
 */
export function createRedaction(redactText = (text: string) => redact(text).text) {
  const clean = new Set<string>();
  const text = (given: string): string => {
    // As it is in memory: in UTF-8 broken characters would all be the same.
    const digest = hash("sha256", Buffer.from(given, "utf16le"), "base64");
    if (clean.has(digest)) return given;
    const redacted = redactText(given);
    if (redacted === given) {
      if (clean.size >= mostKnown) clean.clear();
      clean.add(digest);
    }
    return redacted;
  };
  return { text, json: <Value>(value: Value): Value => redactJson(value, text) };
}

/** The process's own: a line of a log passes half a dozen boundaries, and is searched at the first. */
export const redaction = createRedaction();
