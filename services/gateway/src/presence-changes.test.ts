import { expect, test } from "vitest";
import { type PresenceChange, PresenceChanges } from "./presence-changes.ts";

const online: PresenceChange = { kind: "online", remoteIp: "10.0.0.9:51820", timestamp: 1n };
const offline: PresenceChange = { kind: "offline", timestamp: 2n };

test("of each user only the latest state is reported", () => {
  const changes = new PresenceChanges();
  changes.note("alice", online);
  changes.note("bob", online);
  changes.note("alice", offline);
  expect(Object.fromEntries(changes.take(10))).toEqual({ alice: offline, bob: online });
  expect(changes.size).toBe(0);
});

test("a failed report comes again, and what is newer stays", () => {
  const changes = new PresenceChanges();
  changes.note("alice", online);
  changes.note("bob", online);
  const failed = changes.take(10);
  changes.note("alice", offline);
  changes.putBack(failed);
  expect(Object.fromEntries(changes.take(10))).toEqual({ alice: offline, bob: online });
});

test("a report has a largest size, and the rest waits", () => {
  const changes = new PresenceChanges();
  for (const username of ["a", "b", "c"]) changes.note(username, online);
  expect([...changes.take(2).keys()]).toEqual(["a", "b"]);
  expect([...changes.take(2).keys()]).toEqual(["c"]);
});
