import { expect, test } from "vitest";
import { isVenting } from "./venting.ts";

test.each([
  "it's 3am and i hate everything",
  "i'm so tired of mondays",
  "being on call sucks",
  "why am i awake",
  "凌晨三点了还没睡，烦死了",
  "不想上班",
])("%s is about nobody but the writer", (text) => {
  expect(isVenting(text)).toBe(true);
});

test.each([
  "i'm exhausted, is gateway ok",
  "so tired of logic crashing",
  "i hate everything, what broke",
  "i'm tired and the page won't load",
  "困死了，gateway 还在报错吗",
  "烦死了 消息又发不出去",
  "it's 3am",
])("%s says something of what runs here, or nothing of the writer", (text) => {
  expect(isVenting(text)).toBe(false);
});
