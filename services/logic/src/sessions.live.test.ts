import { create, fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { limits, PushEventSchema } from "@resonance/mq-proto";
import {
  CountMessagesRequestSchema,
  CreateSessionRequestSchema,
  GetContactListRequestSchema,
  GetHistoryMessagesRequestSchema,
  GetSessionListRequestSchema,
  SearchUserRequestSchema,
  UpdateReadPositionRequestSchema,
} from "@resonance/mq-proto/logic";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countMessages } from "./count-messages.ts";
import { createSession } from "./create-session.ts";
import { getContactList } from "./get-contact-list.ts";
import { getHistoryMessages } from "./get-history-messages.ts";
import { getSessionList } from "./get-session-list.ts";
import { searchUser } from "./search-user.ts";
import { openTestLogic, type TestLogic } from "./test-logic.ts";
import { updateReadPosition } from "./update-read-position.ts";

let logic: TestLogic;
beforeAll(async () => {
  logic = await openTestLogic();
  for (const name of ["alice", "bob", "carol", "eve"]) await logic.user(name);
});
afterAll(() => logic[Symbol.asyncDispose]());

function open(request: MessageInitShape<typeof CreateSessionRequestSchema>) {
  return createSession(logic.deps, create(CreateSessionRequestSchema, request), logic.signal);
}

function history(request: MessageInitShape<typeof GetHistoryMessagesRequestSchema>) {
  return getHistoryMessages(logic.deps, create(GetHistoryMessagesRequestSchema, request));
}

async function listOf(username: string, sessionId: string) {
  const request = create(GetSessionListRequestSchema, { username });
  const { sessions = [] } = await getSessionList(logic.deps, request);
  return sessions.find((session) => session.sessionId === sessionId);
}

test("a one-to-one session has one id and one announcement, whoever starts it and how often", async () => {
  const first = await open({ creatorUsername: "bob", members: ["alice"], type: 1 });
  const second = await open({ creatorUsername: "alice", members: ["bob"], type: 1 });

  expect(first.sessionId).toBe("single:alice:bob");
  expect(second.sessionId).toBe("single:alice:bob");
  const { messages } = await history({ username: "alice", sessionId: "single:alice:bob" });
  expect(messages).toMatchObject([
    { seqId: 1n, fromUsername: "system", type: "system", content: "bob 开始了与你的对话" },
  ]);
  expect(await listOf("alice", "single:alice:bob")).toMatchObject({ name: "bob" });
  expect(await listOf("bob", "single:alice:bob")).toMatchObject({ name: "alice" });
});

test("two people with the longest of names have a session, and write into it", async () => {
  const [one, other] = [await logic.user("👋".repeat(28)), await logic.user("𠮷".repeat(28))];
  const { sessionId = "" } = await open({ creatorUsername: one, members: [other], type: 1 });

  const { seqId } = await logic.send({ sessionId, fromUsername: other, content: "hi" });

  expect(seqId).toBe(2n);
});

test("a session that lost its members is made whole by opening it again", async () => {
  const { sessionId } = await open({ creatorUsername: "bob", members: ["carol"], type: 1 });
  await logic.db.execute("DELETE FROM t_session_member WHERE session_id = ?", [sessionId ?? ""]);

  await open({ creatorUsername: "carol", members: ["bob"], type: 1 });

  await logic.send({ sessionId: sessionId ?? "", fromUsername: "bob", content: "again" });
});

test("a group has its creator as admin and says who made it", async () => {
  const { sessionId = "" } = await open({
    creatorUsername: "alice",
    members: ["bob", "carol", "bob", "alice"],
    name: "ops",
    type: 2,
  });

  expect(sessionId).toMatch(/^group:\d+$/);
  const madeAtMs = Number(BigInt(sessionId.slice(6)) >> 22n);
  expect(Math.abs(Date.now() - madeAtMs)).toBeLessThan(60_000);
  const members = await logic.db.query(
    "SELECT username, role FROM t_session_member WHERE session_id = ? ORDER BY username",
    [sessionId],
  );
  expect(members).toEqual([
    { username: "alice", role: 1 },
    { username: "bob", role: 0 },
    { username: "carol", role: 0 },
  ]);
  const { messages } = await history({ username: "carol", sessionId });
  expect(messages).toMatchObject([{ content: "alice 创建了群聊「ops」" }]);
});

test.each([
  ["a member who does not exist", { members: ["nobody"], type: 1 }, "member_unknown"],
  ["a member of another spelling", { members: ["BOB"], type: 1 }, "member_unknown"],
  ["the system as a member", { members: ["system"], type: 1 }, "member_unknown"],
  ["nobody but oneself", { members: ["alice"], type: 1 }, "members_invalid"],
  ["two others in a one-to-one", { members: ["bob", "carol"], type: 1 }, "members_invalid"],
  ["an unknown type", { members: ["bob"], type: 7 }, "session_type_invalid"],
  [
    "more people than a group is made with",
    { members: Array.from({ length: limits.groupMaxMembers }, (_, n) => `${n}`), type: 2 },
    "members_invalid",
  ],
  [
    "an over-long name",
    { members: ["bob"], type: 2, name: "n".repeat(129) },
    "session_name_too_long",
  ],
])("a session with %s is refused", async (_what, request, reason) => {
  await expect(open({ creatorUsername: "alice", ...request })).rejects.toMatchObject({ reason });
});

test("history pages backwards, each page ascending", async () => {
  const { sessionId = "" } = await open({
    creatorUsername: "alice",
    members: ["bob"],
    name: "pages",
    type: 2,
  });
  for (let seq = 2; seq <= 25; seq++) {
    await logic.send({ sessionId, fromUsername: "alice", content: `message ${seq}` });
  }
  const seqs = async (limit: bigint, beforeSeq: bigint) =>
    (await history({ username: "bob", sessionId, limit, beforeSeq })).messages.map(({ seqId }) =>
      Number(seqId),
    );

  expect(await seqs(10n, 0n)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
  expect(await seqs(10n, 16n)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  expect(await seqs(0n, 0n)).toHaveLength(20);
  expect(await seqs(1_000n, 0n)).toHaveLength(25);
  expect(await seqs(10n, 1n)).toEqual([]);
  expect(await seqs(3n, -1n)).toEqual([23, 24, 25]);
});

test("the newest page of a group names its members, written or not, to members alone", async () => {
  const members = ["bob", "carol"];
  const { sessionId = "" } = await open({ creatorUsername: "alice", members, name: "m", type: 2 });

  expect((await history({ username: "bob", sessionId })).members).toEqual([
    "alice",
    "bob",
    "carol",
  ]);
  expect((await history({ username: "bob", sessionId, beforeSeq: 9n })).members).toEqual([]);
  await expect(history({ username: "eve", sessionId })).rejects.toThrow("no permission");
  await open({ creatorUsername: "alice", members: ["bob"], type: 1 });
  const single = await history({ username: "alice", sessionId: "single:alice:bob" });
  expect(single.members).toEqual([]);
  await logic.db.execute("INSERT INTO t_session_member (session_id, username) VALUES ?", [
    Array.from({ length: 200 }, (_, index) => [sessionId, `of-many-${index}`]),
  ]);
  expect((await history({ username: "bob", sessionId })).members).toHaveLength(200);
});

test("history gives a sender the client id back", async () => {
  const { seqId } = await logic.send({
    sessionId: "0",
    fromUsername: "alice",
    content: "x",
    clientMsgId: "mine",
  });

  const { messages } = await history({
    username: "alice",
    sessionId: "0",
    limit: 1n,
    beforeSeq: seqId + 1n,
  });

  expect(messages).toMatchObject([{ clientMsgId: "mine" }]);
});

test("who is no member reads nothing and learns no count", async () => {
  const refusal = { code: "permission_denied", reason: "not_a_member" };

  await expect(history({ username: "eve", sessionId: "single:alice:bob" })).rejects.toMatchObject(
    refusal,
  );
  await expect(history({ username: "", sessionId: "single:alice:bob" })).rejects.toMatchObject(
    refusal,
  );
  const peek = create(UpdateReadPositionRequestSchema, {
    username: "eve",
    sessionId: "single:alice:bob",
  });
  await expect(updateReadPosition(logic.deps, peek)).rejects.toMatchObject(refusal);
});

test.each([[""], [" single:alice:bob"], ["x".repeat(65)]])(
  "the session id %j is refused like a foreign one",
  async (sessionId) => {
    const refusal = { code: "permission_denied", reason: "not_a_member" };
    const peek = create(UpdateReadPositionRequestSchema, { username: "alice", sessionId });

    await expect(history({ username: "alice", sessionId })).rejects.toMatchObject(refusal);
    await expect(updateReadPosition(logic.deps, peek)).rejects.toMatchObject(refusal);
  },
);

test("a read position moves forward only, and not past the last message", async () => {
  const { sessionId = "" } = await open({
    creatorUsername: "bob",
    members: ["alice"],
    name: "reads",
    type: 2,
  });
  for (let seq = 2; seq <= 10; seq++)
    await logic.send({ sessionId, fromUsername: "bob", content: "x" });
  const read = async (seqId: bigint) => {
    const request = create(UpdateReadPositionRequestSchema, {
      username: "alice",
      sessionId,
      seqId,
    });
    return (await updateReadPosition(logic.deps, request)).unreadCount;
  };

  expect(await read(7n)).toBe(3n);
  expect(await read(5n)).toBe(3n);
  expect(await read(-1n)).toBe(3n);
  expect(await listOf("alice", sessionId)).toMatchObject({ unreadCount: 3n, lastReadSeq: 7n });
  expect(await read(1_000_000n)).toBe(0n);
  await logic.send({ sessionId, fromUsername: "bob", content: "one more" });
  expect(await listOf("alice", sessionId)).toMatchObject({ unreadCount: 1n, lastReadSeq: 10n });
});

test("search takes its text literally and finds people and bots, not the system", async () => {
  const names = async (query: string) => {
    const { users = [] } = await searchUser(logic.deps, create(SearchUserRequestSchema, { query }));
    return users.map(({ username }) => username);
  };

  expect(await names("ali")).toEqual(["alice"]);
  expect(await names("运维")).toEqual(["ops-bot"]);
  expect(await names("%")).toEqual([]);
  expect(await names("_")).toEqual([]);
  expect(await names(" ")).toEqual([]);
  expect(await names("system")).toEqual([]);
});

test("contacts are those of one-to-one sessions", async () => {
  const { contacts = [] } = await getContactList(
    logic.deps,
    create(GetContactListRequestSchema, { username: "alice" }),
  );

  expect(contacts.map(({ username }) => username)).toEqual(["bob", "ops-bot"]);
});

test("messages are counted exactly, by sender and by part of the window", async () => {
  const { msgId: firstId } = await logic.send({
    sessionId: "0",
    fromUsername: "alice",
    content: "1",
  });
  await logic.send({ sessionId: "0", fromUsername: "ops-bot", content: "2" });
  const { msgId: lastId } = await logic.send({ sessionId: "0", fromUsername: "bob", content: "3" });
  const count = (fromMs: bigint, untilMs: bigint, buckets = 1) =>
    countMessages(logic.deps, create(CountMessagesRequestSchema, { fromMs, untilMs, buckets }));

  const all = await count(firstId >> 22n, (lastId >> 22n) + 1n, 3);
  const none = await count((lastId >> 22n) + 1_000n, (lastId >> 22n) + 2_000n);

  expect(all).toMatchObject({ total: 3n, fromPeople: 2n, fromBots: 1n, fromSystem: 0n });
  expect(all.bucketTotals).toHaveLength(3);
  expect((all.bucketTotals ?? []).reduce((sum, part) => sum + part, 0n)).toBe(3n);
  expect(none.total).toBe(0n);
  await expect(count(2n, 1n)).rejects.toMatchObject({ code: "invalid_argument" });
});

test("a list says whether the other one is connected, to a gateway that lives", async () => {
  const { sessionId = "" } = await open({ creatorUsername: "carol", members: ["eve"], type: 1 });
  await logic.db.execute(
    "INSERT INTO t_gateway (gateway_id, incarnation, last_seen_at) VALUES ('g', 5, NOW(3))",
  );
  await logic.db.execute(
    "INSERT INTO t_route (username, gateway_id, incarnation, connected_at) VALUES ('eve', 'g', 5, NOW(3))",
  );

  expect(await listOf("carol", sessionId)).toMatchObject({ peerOnline: true });
  expect(await listOf("eve", sessionId)).toMatchObject({ peerOnline: false });
  await logic.db.execute("UPDATE t_gateway SET last_seen_at = NOW(3) - INTERVAL 20 SECOND");
  expect(await listOf("carol", sessionId)).toMatchObject({ peerOnline: false });
});

test("a list names the bots of a group, and of no one-to-one session", async () => {
  const members = ["bob", "ops-bot"];
  const { sessionId: withBot = "" } = await open({
    creatorUsername: "alice",
    members,
    name: "a",
    type: 2,
  });
  const { sessionId: without = "" } = await open({
    creatorUsername: "alice",
    members: ["bob", "eve"],
    name: "b",
    type: 2,
  });
  const { sessionId: single = "" } = await open({
    creatorUsername: "bob",
    members: ["carol"],
    type: 1,
  });

  expect(await listOf("bob", withBot)).toMatchObject({ bots: ["ops-bot"] });
  expect(await listOf("bob", without)).toMatchObject({ bots: [] });
  expect(await listOf("bob", single)).toMatchObject({ bots: [] });
});

test("a list shows a session whose other member, or whose last message, is gone", async () => {
  const { sessionId = "" } = await open({ creatorUsername: "alice", members: ["eve"], type: 1 });
  await logic.db.execute("DELETE FROM t_session_member WHERE session_id = ? AND username = 'eve'", [
    sessionId,
  ]);
  await logic.db.execute("DELETE FROM t_message_content WHERE session_id = ?", [sessionId]);

  expect(await listOf("alice", sessionId)).toMatchObject({ name: "", lastMessage: { seqId: 1n } });
});

test("a message has one time, the server's, in its event and in the history", async () => {
  const { sessionId = "" } = await open({ creatorUsername: "bob", members: ["eve"], type: 1 });
  const before = BigInt(Math.floor(Date.now() / 1_000));

  const sent = { sessionId, fromUsername: "bob", content: "now", timestamp: 1n };
  const { msgId } = await logic.send(sent);

  const [row] = await logic.db.query<{ payload: Buffer }>(
    "SELECT payload FROM t_message_outbox WHERE msg_id = ?",
    [msgId],
  );
  const { timestamp } = fromBinary(PushEventSchema, row?.payload ?? new Uint8Array());
  expect(timestamp).toBeGreaterThanOrEqual(before);
  expect(timestamp).toBeLessThanOrEqual(BigInt(Math.floor(Date.now() / 1_000)));
  const { messages } = await history({ username: "eve", sessionId, limit: 1n });
  expect(messages).toMatchObject([{ msgId, timestamp }]);
});
