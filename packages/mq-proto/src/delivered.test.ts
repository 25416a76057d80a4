import { expect, test } from "vitest";
import { formatDelivered, parseDelivered } from "./delivered.ts";
import type { Username } from "./ids.ts";

test.each<[string, Username[]]>([
  ["nobody", []],
  ["two people with odd names", ["alice", '小明"\\,[]'] as Username[]],
])("%s is one line and comes back whole", (_name, owners) => {
  const value = formatDelivered(owners);

  expect(value).not.toMatch(/[\r\n]/);
  expect(parseDelivered(value)).toEqual(owners);
});

test.each(["", "{}", "null", "[1]", "[[]]", '[""]', '["alice"'])("%s names nobody", (value) => {
  expect(() => parseDelivered(value)).toThrow();
});
