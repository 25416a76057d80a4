import { expect, test } from "vitest";
import { guessLevel, readHead } from "./log-line.ts";

const at = Date.parse("2026-11-22T10:30:00.123Z");

test.each([
  [
    "pino",
    '{"level":"warn","time":"2026-11-22T10:30:00.123Z","service":"gateway","msg":"x"}',
    "warn",
  ],
  ["pino with numbers", `{"level":50,"time":${at},"msg":"x"}`, "error"],
  [
    "another order",
    '{"msg":"\\"time\\":\\"no\\"","time":"2026-11-22T10:30:00.123Z","level":"info"}',
    "info",
  ],
  ["a zone", "2026-11-22T12:30:00.123+02:00 ERROR broken", "error"],
  ["MySQL", "2026-11-22T10:30:00.123456Z 0 [System] [MY-010116] starting", "info"],
  ["MySQL's warning", "2026-11-22T10:30:00.123456Z 0 [Warning] [MY-1] careful", "warn"],
])("%s says time and level", (_, line, level) => {
  expect(readHead(line)).toEqual({ atMs: at, level });
});

test.each([
  ["NATS", "[42] 2026/11/22 10:30:00.123456 [WRN] slow consumer", "warn"],
  ["MariaDB", "2026-11-22 10:30:00 0 [Note] InnoDB: ready", "info"],
  ["MariaDB before ten", "2026-11-22  9:30:00 0 [ERROR] failed", "error"],
])("%s says its time in this machine's zone", (_, line, level) => {
  const head = readHead(line);
  expect(head.level).toBe(level);
  expect(new Date(head.atMs ?? 0).getMinutes()).toBe(30);
});

test.each(["    at main (file.ts:1:2)", "", "{broken", "Version: '10.11' socket: ''", "{}"])(
  "%s has no head",
  (line) => {
    expect(readHead(line)).toEqual({ atMs: undefined, level: undefined });
  },
);

test("the first words of a line without a head tell its level", () => {
  expect(guessLevel("TypeError: x is not a function")).toBe("error");
  expect(guessLevel("Uncaught something")).toBe("error");
  expect(guessLevel("(node:1) Warning: deprecated")).toBe("warn");
  expect(guessLevel("panic: out of luck")).toBe("fatal");
  expect(guessLevel("all is well")).toBeUndefined();
});

test.each(["1e300", "-1e300", "1795780000000000000", '"+275761-01-01T00:00:00Z"'])(
  "%s is no time that could be shown",
  (time) => {
    expect(readHead(`{"time":${time},"level":"error","msg":"x"}`)).toEqual({
      atMs: undefined,
      level: "error",
    });
  },
);
