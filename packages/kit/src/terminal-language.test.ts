import { expect, test } from "vitest";
import { terminalLanguage } from "./terminal-language.ts";

test.each([
  [{}, "en"],
  [{ LANG: "zh_CN.UTF-8" }, "zh"],
  [{ LANG: "zh_CN.UTF-8", LC_ALL: "C" }, "en"],
  [{ LANG: "en_US.UTF-8", LC_MESSAGES: "zh_TW" }, "zh"],
  [{ LANG: "de_DE.UTF-8" }, "en"],
])("the language of %j is %s", (environment, language) => {
  expect(terminalLanguage(environment)).toBe(language);
});
