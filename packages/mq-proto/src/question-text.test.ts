import { expect, test } from "vitest";
import { parseUsername } from "./ids.ts";
import { commandOf, languageOf, withoutMention } from "./question-text.ts";

const bot = parseUsername("ops-bot");

test("one Chinese character makes a question Chinese", () => {
  expect(languageOf("gateway 日志")).toBe("zh");
  expect(languageOf("gateway logs")).toBe("en");
  expect(languageOf("gateway の日志を見せて")).toBe("en");
  expect(languageOf("로그 確認")).toBe("en");
});

test.each([
  ["@ops-bot /cancel", "/cancel"],
  ["/CANCEL now", "/cancel"],
  ["／cancel", "/cancel"],
  ["please /cancel", ""],
  ["", ""],
  [`/${"x".repeat(40)}`, `/${"x".repeat(15)}`],
])("%j begins with the command %j", (content, command) => {
  expect(commandOf(withoutMention(content, bot))).toBe(command);
});

test("a mention is taken out wherever it stands, a longer name is not", () => {
  expect(withoutMention("hi @ops-bot: how are @ops-bots?", bot)).toBe("hi how are @ops-bots?");
});

test("Chinese right beside a mention stays, unless the name itself ends in Chinese", () => {
  expect(withoutMention("帮我@ops-bot看下日志", bot)).toBe("帮我看下日志");
  expect(withoutMention("@小助手们 早", parseUsername("小助手"))).toBe("@小助手们 早");
});
