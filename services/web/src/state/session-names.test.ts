import { expect, test } from "vitest";
import { en } from "../texts/en.ts";
import {
  opsBotSessionId,
  peerOf,
  personName,
  senderName,
  sessionTitle,
  sortSessions,
} from "./session-names.ts";
import { buildSession } from "./state-builders.ts";

test("the session with ops-bot has the names in byte order", () => {
  expect(opsBotSessionId("alice")).toBe("single:alice:ops-bot");
  expect(opsBotSessionId("zoe")).toBe("single:ops-bot:zoe");
});

test.each([
  ["single:alice:bob", "alice", "bob"],
  ["single:alice:bob", "bob", "alice"],
  ["single:alice:b:c", "alice", "b:c"],
  ["group:7", "alice", undefined],
  ["0", "alice", undefined],
  ["single:bob:carol", "alice", undefined],
])("in %s the peer of %s is %s", (sessionId, username, peer) => {
  expect(peerOf(sessionId, username)).toBe(peer);
});

test("a session is called by its name, else by the peer, and ops-bot in the user's language", () => {
  const titles = [
    { id: "group:7", name: "Night shift" },
    { id: "single:alice:bob", name: "Bob B." },
    { id: "single:alice:bob", name: "" },
    { id: "single:alice:ops-bot", name: "运维助手" },
    { id: "group:7", name: "" },
  ].map((session) => sessionTitle(session, "alice", en));
  expect(titles).toEqual(["Night shift", "Bob B.", "bob", "Ops assistant", "Group"]);
});

test("senders are called by what the reader knows of them", () => {
  const single = { id: "single:alice:bob", name: "Bob B." };
  const group = { id: "group:7", name: "Night shift" };
  expect(senderName("alice", group, "alice", en)).toBe("You");
  expect(senderName("bob", single, "alice", en)).toBe("Bob B.");
  expect(senderName("bob", group, "alice", en)).toBe("bob");
});

test("whoever can be chosen is called by nickname or name, ops-bot in the user's language", () => {
  const names = [
    { username: "bob", nickname: "Bob B." },
    { username: "carol", nickname: "" },
    { username: "ops-bot", nickname: "运维助手" },
  ].map((person) => personName(person, en));
  expect(names).toEqual(["Bob B.", "carol", "Ops assistant"]);
});

test("ops-bot stands first, then the session with the latest message", () => {
  const sessions = [
    buildSession({ id: "group:1", lastAt: 10 }),
    buildSession({ id: "group:2", lastAt: 30 }),
    buildSession({ id: "single:alice:ops-bot", lastAt: 1 }),
    buildSession({ id: "0" }),
  ];
  const ids = sortSessions(sessions, "alice").map(({ id }) => id);
  expect(ids).toEqual(["single:alice:ops-bot", "group:2", "group:1", "0"]);
});
