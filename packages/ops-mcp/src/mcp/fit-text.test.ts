import { expect, test } from "vitest";
import { fitText } from "./fit-text.ts";

test("what fits is left as it is", () => {
  expect(fitText("one\ntwo")).toBe("one\ntwo");
});

test.each([["plain lines of a log"], ["错误：连接被拒绝"]])(
  "of many lines %s, the first and the last stay",
  (line) => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `${index} ${line}`);

    const text = fitText(lines.join("\n"));

    expect(text.startsWith(`0 ${line}\n`)).toBe(true);
    expect(text.endsWith(`\n19999 ${line}`)).toBe(true);
    expect(text).toMatch(/\[INCOMPLETE: \d+ of 20000 lines are left out here/);
    expect(text.length).toBeLessThan(8_000 * 4);
  },
);

test("one endless line is cut, and says so", () => {
  expect(fitText("x".repeat(1_000_000))).toMatch(/^x{2000} \[… 998000 more characters\]/);
});
