import { create } from "@bufbuild/protobuf";
import { PresenceSchema, TypingSchema } from "@resonance/mq-proto/gateway";
import { expect, test } from "vitest";
import { applySessions, initialState } from "./chat-state.ts";
import { applyPresence, applyTyping, endTyping, writerIn } from "./hints.ts";
import { buildInfo } from "./state-builders.ts";

const sessionId = "single:alice:bob";
const typing = (fromUsername: string) => create(TypingSchema, { sessionId, fromUsername });

test("somebody else writes for six seconds, unless heard again", () => {
  const once = applyTyping(initialState("alice"), typing("bob"), 1_000);

  expect(writerIn(once, sessionId, 6_999)).toBe("bob");
  expect(writerIn(once, sessionId, 7_000)).toBeUndefined();
  expect(writerIn(applyTyping(once, typing("bob"), 5_000), sessionId, 10_000)).toBe("bob");
});

test("the user's own other devices are not shown as writing", () => {
  const state = applyTyping(initialState("alice"), typing("alice"), 0);

  expect(writerIn(state, sessionId, 1)).toBeUndefined();
});

test("the writer's message ends it, somebody else's does not", () => {
  const state = applyTyping(initialState("alice"), typing("bob"), 0);

  expect(writerIn(endTyping(state, sessionId, "carol"), sessionId, 1)).toBe("bob");
  expect(writerIn(endTyping(state, sessionId, "bob"), sessionId, 1)).toBeUndefined();
});

test("who comes or leaves is so in the one-to-one session, and the list corrects it", () => {
  const listed = applySessions(initialState("alice"), [
    buildInfo({ id: sessionId }),
    buildInfo({ id: "single:alice:carol" }),
  ]);
  const bob = create(PresenceSchema, { username: "bob", online: true });

  const came = applyPresence(listed, bob);

  const online = (state: typeof came) =>
    [...state.sessions.values()].map(({ isPeerOnline }) => isPeerOnline);
  expect(online(came)).toEqual([true, false]);
  expect(online(applySessions(came, [buildInfo({ id: sessionId })]))).toEqual([false, false]);
});
