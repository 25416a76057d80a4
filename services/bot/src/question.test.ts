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
  ["/approve k7m2pq", ["gateway 怎么样"], "zh"],
  ["/approve k7m2pq", ["gateway 怎么样", "and task?"], "en"],
  ["/approve k7m2pq", [], "en"],
  ["/restart task 卡住了", ["and task?"], "zh"],
  ["and logic?", ["gateway 怎么样"], "en"],
])("%s after %j is answered in %s", (content, before, language) => {
  const run = runOfEvent(me, event({ content }));
  if (!run) throw new TypeError("not answered");
  const earlier = before.map((text) => ({ text, askedAtMs: 1 }));

  expect(questionOfRun(run, content, earlier).language).toBe(language);
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
