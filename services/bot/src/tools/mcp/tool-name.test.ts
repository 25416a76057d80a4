import { expect, test } from "vitest";
import { prefixedName } from "./tool-name.ts";

test("a name that fits is the server's and the tool's", () => {
  expect(prefixedName("github", "list_issues")).toBe("github__list_issues");
});

test("names that would meet stay apart, and all fit the providers' limit", () => {
  const long = "a".repeat(60);
  const pairs = [
    ["a", "b__c"],
    ["a__b", "c"],
    ["my server", "get"],
    ["my-server", "get"],
    ["my.server", "get"],
    ["s", "列出 pods"],
    ["s", "列出-pods"],
    ["s", `${long}1`],
    ["s", `${long}2`],
    [long, long],
    [`${long}b`, long],
    ["s", "get.logs"],
    ["s", "get/logs"],
    ["s", "get-logs"],
  ] as const;

  const names = pairs.map(([server, tool]) => prefixedName(server, tool));

  expect(new Set(names).size).toBe(pairs.length);
  expect(names.filter((name) => !/^[a-zA-Z0-9_-]{1,64}$/.test(name))).toEqual([]);
});
