import { expect, test } from "vitest";
import { languageOf } from "./language.ts";
import { spokenLanguage } from "./spoken-language.ts";

test.each([
  ["/approve k7m2pq", ["gateway 怎么样"], "zh"],
  ["/approve k7m2pq", ["gateway 怎么样", "and task?"], "en"],
  ["/approve k7m2pq", ["gateway 怎么样", "task?"], "zh"],
  ["/approve k7m2pq", [], "en"],
  ["/restart task 卡住了", ["and task?"], "zh"],
  ["and logic?", ["gateway 怎么样"], "en"],
  ["logic?", ["gateway 怎么样"], "zh"],
  ["p99", ["发送延迟"], "zh"],
  ["5xx?", ["any errors in the gateway?"], "en"],
  ["gateway", [], "en"],
  ["gateway logs", ["系统怎么样"], "en"],
] as const)("%s after %j is answered in %s", (text, before, language) => {
  const command = text.startsWith("/") ? "/some" : "";
  const earlier = before.map((said) => ({ text: said, askedAtMs: 1 }));

  expect(spokenLanguage({ command, language: languageOf(text) }, text, earlier)).toBe(language);
});
