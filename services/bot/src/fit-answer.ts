import type { Language } from "./language.ts";

/** Under the limit of a message, with room for what is added around an answer. */
export const answerMaxBytes = 60_000;

/** The text, cut at a line where it is too long, saying so. A code block that was cut is closed. */
export function fitAnswer(text: string, language: Language, maxBytes = answerMaxBytes): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const note =
    language === "zh"
      ? "_（回答过长，后面的内容已省略）_"
      : "_(too long: what followed is left out)_";
  const room = maxBytes - Buffer.byteLength(note) - 16;
  let bytes = 0;
  const kept: string[] = [];
  for (const line of text.split("\n")) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > room) break;
    kept.push(line);
  }
  if (kept.length === 0)
    kept.push(
      Buffer.from(text)
        .subarray(0, room)
        .toString("utf8")
        .replace(/\uFFFD+$/, ""),
    );
  const fence = openFence(kept);
  return [...kept, ...(fence === undefined ? [] : [fence]), "", note].join("\n");
}

function openFence(lines: readonly string[]): string | undefined {
  let open: string | undefined;
  for (const line of lines) {
    const fence = /^(`{3,})/.exec(line)?.[1];
    if (fence === undefined) continue;
    if (open === undefined) open = fence;
    else if (line.trim() === open) open = undefined;
  }
  return open;
}
