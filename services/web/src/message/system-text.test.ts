import { expect, test } from "vitest";
import { en } from "../texts/en.ts";
import { zh } from "../texts/zh.ts";
import { systemText } from "./system-text.ts";

test.each([
  ["Alice 开始了与你的对话", "Alice started this conversation"],
  ["Alice 创建了群聊「ops」", "Alice created the group “ops”"],
  ["a sentence of a later version", "a sentence of a later version"],
])("%s reads in English: %s", (content, english) => {
  expect(systemText(content, en)).toBe(english);
  expect(systemText(content, zh)).toBe(content);
});
