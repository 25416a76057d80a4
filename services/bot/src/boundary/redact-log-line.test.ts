import { createLogger, guardedOutput } from "@resonance/kit";
import { expect, test } from "vitest";
import { redactLogLine } from "./redact-log-line.ts";

const password = ["hunter", "2-of-3"].join("");

function logged(guard: (line: string) => string, fields: object): string[] {
  const lines: string[] = [];
  const output = guardedOutput(guard, { write: (line) => void lines.push(line) });
  createLogger("bot", "info", output).info(fields, "failed");
  return lines;
}

test("a secret in an error stays out of the log, and the line stays JSON", () => {
  const err = new Error(`cannot connect to mysql://app:${password}@db/im`);

  const [line = ""] = logged(redactLogLine, { err, pin: 123456 });

  expect(line).not.toContain(password);
  expect(JSON.parse(line)).toMatchObject({ msg: "failed", service: "bot", pin: "[redacted]" });
  expect(line.endsWith("}\n")).toBe(true);
});

test("a line without secrets is written as it is", () => {
  const [line = ""] = logged(redactLogLine, { msgId: "7421152536297500675" });

  expect(JSON.parse(line)).toMatchObject({ msgId: "7421152536297500675", msg: "failed" });
});

test("a line that cannot be looked at is withheld, and that is said", () => {
  const lines = logged(
    () => {
      throw new Error("broken");
    },
    { password },
  );

  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(["a log line is withheld"]);
});
