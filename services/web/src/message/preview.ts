/** The first line of a Markdown message as plain text, for a list. */
export function previewOf(content: string): string {
  for (const line of content.slice(0, 2_000).split("\n")) {
    const text = plain(line);
    if (text !== "") return text.slice(0, 200);
  }
  return "";
}

function plain(line: string): string {
  // Fences, rules and the line below a table's head say nothing.
  if (/^\s*(?:`{3,}|~{3,}|[-*_]{3,}\s*$|\|?[\s:|-]+\|[\s:|-]*$)/.test(line)) return "";
  return line
    .replace(/^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+|\d+[.)]\s+)+/, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|~~|`)/g, "")
    .replaceAll("|", " ")
    .replace(/\s+/g, " ")
    .trim();
}
