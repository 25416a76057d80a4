import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Account,
  callApi,
  createSession,
  enter,
  fresh,
  listedSession,
} from "./testing/call-api.ts";
import { type ContractTarget, openContractTarget } from "./testing/contract-target.ts";
import { openRawSocket } from "./testing/open-raw-socket.ts";
import { openTables, type Tables } from "./testing/open-tables.ts";

let target: ContractTarget;
let tables: Tables;

beforeAll(async () => {
  target = await openContractTarget();
  tables = await openTables(target.mysqlUrl);
}, 120_000);
afterAll(async () => {
  await tables?.[Symbol.asyncDispose]();
  await target?.[Symbol.asyncDispose]();
});

const person = (name: string, nickname?: string) => enter(target.httpUrl, fresh(name), nickname);

/** Sends this many messages, one after another, and waits for the last Ack. */
async function send(account: Account, sessionId: string, count: number): Promise<void> {
  await using socket = await openRawSocket(target, account);
  for (let index = 1; index <= count; index++) {
    socket.chat(`${index}`, { sessionId, content: `message ${index}`, type: "text" });
  }
  expect(await socket.ackOf(`${count}`)).toMatchObject({ error: "" });
}

/** A one-to-one session with three messages, and somebody who is not in it. */
async function sessionOfOthers() {
  const alice = await person("c16-alice");
  const bob = await person("c16-bob");
  const sessionId = await createSession(alice, { members: [bob.username], type: 1 });
  await send(alice, sessionId, 3);
  return { sessionId, eve: await person("c16-eve") };
}

function claimsOf(part: string | undefined) {
  return JSON.parse(Buffer.from(part ?? "", "base64url").toString());
}

test("C03: registering gives a token of 24 h and a place in the room", async () => {
  const username = fresh("c03-alice");

  const { status, json } = await callApi(target.httpUrl, "AuthService/Register", {
    username,
    password: "a good password",
    nickname: "Alice",
  });

  expect(status).toBe(200);
  expect(json.user).toMatchObject({ username, nickname: "Alice" });
  const { accessToken = "" } = json;
  const parts = accessToken.split(".");
  expect(parts).toHaveLength(3);
  expect(claimsOf(parts[0])).toEqual({ alg: "HS256", typ: "JWT" });
  const claims = claimsOf(parts[1]);
  expect(claims.sub).toBe(username);
  expect(claims.exp - claims.iat).toBe(86_400);
  const list = await callApi(
    target.httpUrl,
    "SessionService/GetSessionList",
    {},
    { authorization: accessToken },
  );
  expect(list.json.sessions).toContainEqual(
    expect.objectContaining({ sessionId: "0", type: 2, name: "Resonance Room" }),
  );
});

test("C04: a wrong password and an unknown user get the same answer", async () => {
  const { username } = await person("c04-alice");
  const signIn = (name: string) =>
    callApi(target.httpUrl, "AuthService/Login", { username: name, password: "wrong password" });

  const wrong = await signIn(username);
  const unknown = await signIn(fresh("c04-nobody"));

  expect([401, 500]).toContain(wrong.status);
  expect(wrong.json).toMatchObject({
    code: expect.stringMatching(/^(unauthenticated|internal)$/),
    message: expect.stringContaining("invalid username or password"),
  });
  expect([unknown.status, unknown.json]).toEqual([wrong.status, wrong.json]);
});

test("C05: the token counts bare, with Bearer, or in the query when there is no header", async () => {
  const { token } = await person("c05-alice");
  const list = "SessionService/GetSessionList";

  const bare = await callApi(target.httpUrl, list, {}, { authorization: token });
  const bearer = await callApi(target.httpUrl, list, {}, { authorization: `Bearer ${token}` });
  const query = await callApi(target.httpUrl, `${list}?token=${token}`, {});
  const none = await callApi(target.httpUrl, list, {});

  expect([bare.status, bearer.status, query.status]).toEqual([200, 200, 200]);
  expect(none.status).toBe(401);
  expect(none.json.error).toMatch(/^unauthorized:/);
});

test("C06: a preflight and the call after it name the page's origin", async () => {
  const { token } = await person("c06-alice");
  const procedure = "SessionService/GetSessionList";
  const { origin } = target;

  const preflight = await fetch(`${target.httpUrl}/resonance.gateway.v1.${procedure}`, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,authorization,connect-protocol-version",
    },
  });
  const call = await callApi(target.httpUrl, procedure, {}, { origin, authorization: token });

  expect([preflight.status, call.status]).toEqual([204, 200]);
  for (const { headers } of [preflight, call]) {
    expect(["*", origin]).toContain(headers.get("access-control-allow-origin"));
  }
  const allowed = preflight.headers.get("access-control-allow-headers")?.toLowerCase();
  for (const header of ["content-type", "authorization", "connect-protocol-version"]) {
    expect(allowed).toContain(header);
  }
});

test.each(["GetRecentMessages", "GetHistoryMessages"])(
  "C16: who is no member reads nothing with %s",
  async (procedure) => {
    const { sessionId, eve } = await sessionOfOthers();

    for (const id of [sessionId, ` ${sessionId}`]) {
      const { status, json } = await eve.call(procedure, { sessionId: id });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(json.code).toMatch(/^(permission_denied|internal)$/);
      expect(JSON.stringify(json)).not.toContain("message 1");
    }
  },
);

test("C16: who is no member learns no count either", async () => {
  const { sessionId, eve } = await sessionOfOthers();

  const { status, json } = await eve.call("UpdateReadPosition", { sessionId, seqId: "0" });

  expect(status).toBeGreaterThanOrEqual(400);
  expect(json.unreadCount).toBeUndefined();
});

test.each(["GetRecentMessages", "GetHistoryMessages"])(
  "C17: %s pages backwards from the newest, each page ascending",
  async (procedure) => {
    const alice = await person("c17-alice");
    const bob = await person("c17-bob");
    const sessionId = await createSession(alice, { members: [bob.username], type: 2, name: "c17" });
    const page = async (limit: number, beforeSeq: number) => {
      const { json } = await bob.call(procedure, { sessionId, limit, beforeSeq });
      return json.messages?.map(({ seqId }) => Number(seqId));
    };
    // The first message is the announcement of the session.
    await send(alice, sessionId, 24);

    expect(await page(10, 0)).toEqual(range(16, 25));
    expect(await page(10, 16)).toEqual(range(6, 15));
    expect(await page(0, 0)).toEqual(range(6, 25));
    await send(alice, sessionId, 95);
    expect(await page(1_000, 0)).toEqual(range(21, 120));
  },
);

test("C18: a one-to-one session has one id, whoever starts it and however often", async () => {
  for (const starter of ["a", "b"]) {
    const a = await person(`c18-${starter}-a`);
    const b = await person(`c18-${starter}-b`);
    const [creator, other] = starter === "a" ? [a, b] : [b, a];
    await using creatorSocket = await openRawSocket(target, creator);
    await using otherSocket = await openRawSocket(target, other);

    const sessionId = await createSession(creator, { members: [other.username], type: 1 });

    expect(sessionId).toBe(`single:${a.username}:${b.username}`);
    for (const socket of [creatorSocket, otherSocket]) {
      const push = await socket.pushWhere((candidate) => candidate.sessionId === sessionId);
      expect(push).toMatchObject({ seqId: 1n, fromUsername: "system", type: "system" });
      expect(push.sessionMeta?.type).toBe(1);
    }
    expect(await tables.rows(messagesSql, [sessionId])).toEqual([
      {
        seqId: "1",
        sender: "system",
        type: "system",
        content: `${creator.username} 开始了与你的对话`,
      },
    ]);
    expect(await createSession(creator, { members: [other.username], type: 1 })).toBe(sessionId);
    expect(await createSession(other, { members: [creator.username], type: 1 })).toBe(sessionId);
    expect(await tables.rows(messagesSql, [sessionId])).toHaveLength(1);
  }
});

test("C19: a group has a snowflake for its id, and its creator is its admin", async () => {
  const alice = await person("c19-alice", "Alice");
  const bob = await person("c19-bob");
  const carol = await person("c19-carol");
  const members = [bob.username, carol.username];
  const beforeMs = Date.now();

  const sessionId = await createSession(alice, { members, type: 2, name: "ops" });

  const [, digits] = /^group:(\d+)$/.exec(sessionId) ?? [];
  const createdAtMs = Number(BigInt(digits ?? "0") >> 22n);
  expect(createdAtMs).toBeGreaterThan(beforeMs - 1_000);
  expect(createdAtMs).toBeLessThan(Date.now() + 1_000);
  const roles = await tables.rows(
    "SELECT username, role FROM t_session_member WHERE session_id = ? ORDER BY username",
    [sessionId],
  );
  expect(roles).toEqual([
    { username: alice.username, role: 1 },
    { username: bob.username, role: 0 },
    { username: carol.username, role: 0 },
  ]);
  expect(await tables.rows(messagesSql, [sessionId])).toEqual([
    { seqId: "1", sender: "system", type: "system", content: "Alice 创建了群聊「ops」" },
  ]);
});

test("C20: a read position goes forward only, and unread follows the stored one", async () => {
  const alice = await person("c20-alice");
  const bob = await person("c20-bob");
  const sessionId = await createSession(bob, { members: [alice.username], type: 1 });
  await send(bob, sessionId, 9);
  const read = async (seqId: string) =>
    (await alice.call("UpdateReadPosition", { sessionId, seqId })).json;
  await read("4");

  expect(await read("7")).toEqual({ unreadCount: "3" });
  expect(await read("5")).toEqual({ unreadCount: "3" });
  expect(await listedSession(alice, sessionId)).toMatchObject({
    unreadCount: "3",
    lastReadSeq: "7",
  });
});

test("C20: a read position that no message has does no harm", async () => {
  const alice = await person("c20-dave");
  const bob = await person("c20-erin");
  const sessionId = await createSession(bob, { members: [alice.username], type: 1 });
  await send(bob, sessionId, 2);
  const read = async (seqId: string) =>
    (await alice.call("UpdateReadPosition", { sessionId, seqId })).json;

  expect(await read("-1")).toEqual({ unreadCount: "3" });
  expect(await read("9223372036854775807")).toEqual({});
  await send(bob, sessionId, 1);
  expect(await listedSession(alice, sessionId)).toMatchObject({
    unreadCount: "1",
    lastReadSeq: "3",
  });
});

const messagesSql = `SELECT seq_id AS seqId, sender_username AS sender, msg_type AS type, content
  FROM t_message_content WHERE session_id = ? ORDER BY seq_id`;

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
