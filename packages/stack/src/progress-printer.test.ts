import { expect, test } from "vitest";
import { progressPrinter } from "./progress-printer.ts";

function stream(fields: { isTTY?: boolean; columns?: number }) {
  const written: string[] = [];
  return { ...fields, written, write: (text: string) => written.push(text) };
}

test("elsewhere than on a terminal each step is a line", () => {
  const target = stream({});
  const progress = progressPrinter(target);

  progress.show("reading the log");
  progress.show("thinking");
  progress.clear();

  expect(target.written).toEqual(["reading the log\n", "thinking\n"]);
});

test("on a terminal, also one that does not tell its width, one line changes and goes away", () => {
  const target = stream({ isTTY: true, columns: 0 });
  const progress = progressPrinter(target);

  progress.show("reading the log");
  progress.clear();

  expect(target.written).toEqual(["\r\u001b[Kreading the log", "\r\u001b[K"]);
});

test("a line never wraps, also with characters that take two columns", () => {
  const target = stream({ isTTY: true, columns: 10 });

  progressPrinter(target).show("正在查看日志");

  expect(target.written).toEqual(["\r\u001b[K正在查看"]);
});

test("what the bot says cannot steer the terminal", () => {
  const target = stream({});

  progressPrinter(target).show("a\u001b[2Jb\nc");

  expect(target.written).toEqual(["a [2Jb c\n"]);
});
