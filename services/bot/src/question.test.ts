import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { BotEventSchema, parseUsername } from "@resonance/mq-proto";
import { expect, test } from "vitest";
import { questionOfRun, runOfEvent } from "./question.ts";

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
  const run = runOfEvent(me, event());
  if (!run) throw new TypeError("not answered");
  expect(questionOfRun(run, "@ops-bot hello", [])).toMatchObject({
    text: "hello",
    askedUntilMs: 1769340643001,
  });
});

test("language and command are those of the text", () => {
  expect(runOfEvent(me, event({ content: "gateway 怎么样" }))?.language).toBe("zh");
  expect(runOfEvent(me, event({ content: "@ops-bot /logs gateway" }))).toMatchObject({
    language: "en",
    command: "/logs",
  });
});

test.each([
  ["a person", {}, true],
  ["itself", { fromUsername: "ops-bot" }, false],
  ["the system", { fromUsername: "system" }, false],
  ["a system message", { messageType: "system" }, false],
  ["somebody who asked another bot", { botUsername: "other-bot" }, false],
])("whether it answers %s", (_, fields, expected) => {
  expect(runOfEvent(me, event(fields)) !== undefined).toBe(expected);
});

test("an event with impossible ids is refused", () => {
  expect(() => runOfEvent(me, event({ msgId: 0n }))).toThrow(TypeError);
  expect(() => runOfEvent(me, event({ sessionId: "" }))).toThrow(TypeError);
});
