import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { BotEventSchema, parseUsername } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import { parseQuestion, shouldAnswer } from "./question.ts";

const me = parseUsername("ops-bot");

function event(fields: MessageInitShape<typeof BotEventSchema> = {}) {
  return create(BotEventSchema, {
    msgId: 7421152536297500675n,
    sessionId: "single:alice:ops-bot",
    fromUsername: "alice",
    content: "hello",
    botUsername: "ops-bot",
    messageType: "text",
    ...fields,
  });
}

test("the window of a question ends after the millisecond in which it was stored", () => {
  expect(parseQuestion(event()).askedUntilMs).toBe(1769340643001);
});

test.each([
  ["@ops-bot gateway 的日志", "gateway 的日志"],
  ["hey @ops-bot, any errors?", "hey any errors?"],
  ["@OPS-BOT：重启", "重启"],
  ["mail me@ops-bot.example", "mail me@ops-bot.example"],
  ["@ops-bot-2 hi", "@ops-bot-2 hi"],
  ["@ops-bot", ""],
])("the mention is taken out of %s", (content, text) => {
  expect(parseQuestion(event({ content })).text).toBe(text);
});

test("the language is that of the text", () => {
  expect(parseQuestion(event({ content: "gateway 怎么样" })).language).toBe("zh");
  expect(parseQuestion(event()).language).toBe("en");
});

test.each([
  ["a person", {}, true],
  ["itself", { fromUsername: "ops-bot" }, false],
  ["the system", { fromUsername: "system" }, false],
  ["a system message", { messageType: "system" }, false],
  ["somebody who asked another bot", { botUsername: "other-bot" }, false],
])("whether it answers %s", (_, fields, expected) => {
  const asked = event(fields);
  expect(shouldAnswer(me, parseQuestion(asked), asked.messageType)).toBe(expected);
});

test("an event with impossible ids is refused", () => {
  expect(() => parseQuestion(event({ msgId: 0n }))).toThrow(TypeError);
  expect(() => parseQuestion(event({ sessionId: "" }))).toThrow(TypeError);
});
