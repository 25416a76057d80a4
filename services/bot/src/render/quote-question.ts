const longest = 80;

/**
 * A question as the one line of a quote, for an answer that does not follow its question. Marks in
 * it mean what they mean in any text; at its beginning they make no heading, list or block of code.
 *
 * @param question without secrets: where it is cut, half of one could not be told any more
 */
export function quoteQuestion(question: string): string {
  const characters = [...question.replaceAll(/\s+/g, " ").trim()];
  const text = characters.slice(0, longest).join("");
  const line = text.replace(/^[^\p{L}\p{N}\s](?<=[!-~])/u, "\\$&");
  return `> ${line}${characters.length > longest ? "…" : ""}\n\n`;
}
