import { emptyTimeline } from "@resonance/client";
import { expect, test } from "vitest";
import { buildMessage } from "../state/state-builders.ts";
import { mentionAt, mentionable, namesFor } from "./mention.ts";

test.each([
  ["@", 1, { start: 0, end: 1, begun: "" }],
  ["@op", 3, { start: 0, end: 3, begun: "op" }],
  ["hey @op", 7, { start: 4, end: 7, begun: "op" }],
  ["帮我看看，@op", 8, { start: 5, end: 8, begun: "op" }],
  ["帮我看看@op", 7, { start: 4, end: 7, begun: "op" }],
  ["@ops-bot logs", 3, { start: 0, end: 3, begun: "op" }],
  ["@ops-bot logs", 13, undefined],
  ["mail@op", 7, undefined],
  ["op", 2, undefined],
  ["", 0, undefined],
])("in %j with the cursor at %i the mention is %j", (content, cursor, mention) => {
  expect(mentionAt(content, cursor)).toEqual(mention);
});

test("names are offered by how they begin, in any case, until one is there whole", () => {
  const names = ["ops-bot", "alice", "Olga"];

  expect(namesFor("", names)).toEqual(names);
  expect(namesFor("o", names)).toEqual(["ops-bot", "Olga"]);
  expect(namesFor("OPS", names)).toEqual(["ops-bot"]);
  expect(namesFor("ops-bot", names)).toEqual([]);
  expect(namesFor("bot", names)).toEqual([]);
});

test("of many names eight are offered", () => {
  const names = Array.from({ length: 20 }, (_, index) => `person-${index}`);

  expect(namesFor("p", names)).toEqual(names.slice(0, 8));
});

test("who has not written comes after the bots and who has, and oneself never", () => {
  const messages = ["system", "dora", "bob", "alice"].map((fromUsername) =>
    buildMessage({ fromUsername }),
  );
  const timeline = { ...emptyTimeline("alice"), messages };
  const members = ["alice", "bob", "carol", "dora", "ops-bot"];

  expect(mentionable(["ops-bot"], { timeline, members }, "alice")).toEqual([
    "ops-bot",
    "bob",
    "dora",
    "carol",
  ]);
});
