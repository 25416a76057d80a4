import { expect, test } from "vitest";
import { type Audience, formatAudience, parseAudience } from "./audience.ts";
import type { Username } from "./ids.ts";

test.each<[string, Audience]>([
  ["nobody", { owners: [], routes: [] }],
  [
    "two people, one of them at two gateways",
    {
      owners: ["alice", '小明"\\,[]'] as Username[],
      routes: [
        { username: "alice" as Username, gatewayId: "g1" },
        { username: "alice" as Username, gatewayId: "g2" },
      ],
    },
  ],
])("an audience of %s is one line and comes back whole", (_name, audience) => {
  const value = formatAudience(audience);

  expect(value).not.toMatch(/[\r\n]/);
  expect(parseAudience(value)).toEqual(audience);
});

test.each([
  "",
  "{}",
  "[]",
  "[[]]",
  "[[],[],[]]",
  "[[1],[]]",
  "[[],[[]]]",
  '[[],[["a"]]]',
  '[[""],[]]',
])("%s is no audience", (value) => {
  expect(() => parseAudience(value)).toThrow();
});
