import { expect, test } from "vitest";
import { BotEventSchema, PushEventSchema, topicOf, UserSchema } from "./index.ts";

test("topics are read from the message option 50001", () => {
  expect(topicOf(BotEventSchema)).toBe("resonance.bot.event.v1");
  expect(topicOf(PushEventSchema)).toBe("resonance.push.event.v1");
});

test("a message without a topic is refused instead of published nowhere", () => {
  expect(() => topicOf(UserSchema)).toThrow("resonance.common.v1.User has no default_topic");
});
