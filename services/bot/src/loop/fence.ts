import { createHash } from "node:crypto";

/**
 * Text of a tool between two marks, which name it as data that nobody's orders are in. The marks
 * are made of the text itself, so that no text can hold its own closing mark.
 */
export function fence(tool: string, outcome: string, text: string): string {
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const mark = `untrusted-${digest}`;
  const name = tool.replaceAll(/[^\w.:/-]/g, "_");
  return `<${mark} tool="${name}" outcome="${outcome}">\n${text}\n</${mark}>`;
}
