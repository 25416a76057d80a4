import { expect, test } from "vitest";
import { parseNumber } from "./numbers.ts";

test.each([
  ["12", 12],
  ["1.5", 1.5],
  ["十", 10],
  ["十五", 15],
  ["二十", 20],
  ["三十五", 35],
  ["两", 2],
  ["一百", 100],
  ["一百二十", 120],
  ["twenty", 20],
  ["an", 1],
])("%s is %d", (text, value) => {
  expect(parseNumber(text)).toBe(value);
});

test("other words are no numbers", () => {
  expect(parseNumber("many")).toBeUndefined();
});
