/** Shows one line that changes on a terminal, and a line for each step anywhere else. */
export function progressPrinter(stream: {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}): { show(text: string): void; clear(): void } {
  if (!stream.isTTY) {
    return { show: (text) => stream.write(`${oneLine(text)}\n`), clear: () => undefined };
  }
  let shown = false;
  return {
    show(text) {
      shown = true;
      stream.write(`\r\u001b[K${fit(oneLine(text), (stream.columns || 80) - 1)}`);
    },
    clear() {
      if (shown) stream.write("\r\u001b[K");
      shown = false;
    },
  };
}

// What comes from the chat must not move the cursor or colour the terminal.
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, " ").trim();
}

/** Cuts to a terminal's columns; a Chinese character takes two. */
function fit(text: string, columns: number): string {
  let taken = 0;
  let fitting = "";
  for (const character of text) {
    taken +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u.test(
        character,
      )
        ? 2
        : 1;
    if (taken > columns) break;
    fitting += character;
  }
  return fitting;
}
