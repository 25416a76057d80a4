import { create } from "@bufbuild/protobuf";
import {
  GetHistoryMessagesRequestSchema,
  GetSessionListRequestSchema,
  LoginRequestSchema,
  RegisterRequestSchema,
  ValidateTokenRequestSchema,
} from "@resonance/mq-proto/logic";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureAdmin } from "./ensure-admin.ts";
import { getHistoryMessages } from "./get-history-messages.ts";
import { getSessionList } from "./get-session-list.ts";
import { login } from "./login.ts";
import { register } from "./register.ts";
import { openTestLogic, type TestLogic } from "./test-logic.ts";
import { validateToken } from "./validate-token.ts";

let logic: TestLogic;
beforeAll(async () => {
  logic = await openTestLogic();
});
afterAll(() => logic[Symbol.asyncDispose]());

function signUp(username: string, password = "password", nickname = "") {
  const request = create(RegisterRequestSchema, { username, password, nickname });
  return register(logic.deps, request, logic.signal);
}

function signIn(username: string, password: string) {
  return login(logic.deps, create(LoginRequestSchema, { username, password }), logic.signal);
}

test("who registers is in the room and finds a welcome of the bot in a session of their own", async () => {
  const { accessToken = "", user } = await signUp("alice", "password", "Alice");

  const owner = await validateToken(
    logic.deps,
    create(ValidateTokenRequestSchema, { accessToken }),
  );
  const { sessions = [] } = await getSessionList(
    logic.deps,
    create(GetSessionListRequestSchema, { username: "alice" }),
  );
  const { messages } = await getHistoryMessages(
    logic.deps,
    create(GetHistoryMessagesRequestSchema, {
      username: "alice",
      sessionId: "single:alice:ops-bot",
    }),
  );
  expect(user).toMatchObject({ username: "alice", nickname: "Alice" });
  expect(owner).toMatchObject({ valid: true, username: "alice" });
  expect(sessions).toMatchObject([
    { sessionId: "single:alice:ops-bot", name: "运维助手", type: 1, unreadCount: 1n },
    { sessionId: "0", name: "Resonance Room", type: 2 },
  ]);
  expect(messages).toMatchObject([{ seqId: 1n, fromUsername: "ops-bot", type: "text" }]);
});

test("the longest name has a session with the bot too", async () => {
  const name = "z".repeat(28);

  await signUp(name);

  const { sessions = [] } = await getSessionList(
    logic.deps,
    create(GetSessionListRequestSchema, { username: name }),
  );
  expect(sessions[0]).toMatchObject({ sessionId: `single:ops-bot:${name}` });
});

test.each([
  ["ops-bot", "name_reserved"],
  ["System", "name_reserved"],
  ["a:b", "name_has_forbidden_character"],
  ["a\u0007b", "name_has_forbidden_character"],
  ["x".repeat(29), "name_too_long"],
  ["", "name_empty"],
])("the name %j is refused: %s", async (username, reason) => {
  await expect(signUp(username)).rejects.toMatchObject({ reason });
});

test("a taken name is refused without the driver's words, and leaves nothing behind", async () => {
  await signUp("carol");
  const counts = () =>
    logic.db.query(`SELECT (SELECT COUNT(*) FROM t_session_member) AS members,
      (SELECT COUNT(*) FROM t_message_content) AS messages`);
  const before = await counts();

  await expect(signUp("carol")).rejects.toMatchObject({
    reason: "name_taken",
    message: "the name carol is taken",
  });

  expect(await counts()).toEqual(before);
});

test("of two that register one name at once, one gets it", async () => {
  const outcomes = await Promise.allSettled([signUp("dave"), signUp("dave")]);

  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
});

test.each([
  ["1234567", "password_too_short", 8],
  ["汉".repeat(25), "password_too_long", 72],
])("the password %j is refused: %s", async (password, reason, limit) => {
  await expect(signUp("erin", password)).rejects.toMatchObject({ reason, limit });
});

test("a wrong password, an unknown user and a bot are refused alike", async () => {
  await signUp("frank");

  const refusals = await Promise.allSettled([
    signIn("frank", "wrong password"),
    signIn("nobody", "password"),
    signIn("Frank", "password"),
    signIn("frank ", "password"),
    signIn("ops-bot", "!"),
    signIn("", ""),
  ]);

  for (const refusal of refusals) {
    expect(refusal).toMatchObject({
      status: "rejected",
      reason: {
        code: "unauthenticated",
        reason: "bad_credentials",
        message: "invalid username or password",
      },
    });
  }
  expect(await signIn("frank", "password")).toMatchObject({ user: { username: "frank" } });
});

test("hashes of the Go system verify", async () => {
  // bcrypt of "hunter2 hunter2", with the $2a$ that Go writes.
  const hash = (await logic.deps.passwords.hash("hunter2 hunter2")).replace("$2b$", "$2a$");
  await logic.db.execute(
    "INSERT INTO t_user (username, nickname, password) VALUES ('gopher', 'G', ?)",
    [hash],
  );

  expect(await signIn("gopher", "hunter2 hunter2")).toMatchObject({ user: { username: "gopher" } });
});

test("the token of a user who is gone is no longer valid", async () => {
  const { accessToken = "" } = await signUp("ghost");
  await logic.db.execute("DELETE FROM t_user WHERE username = 'ghost'");

  const answer = await validateToken(
    logic.deps,
    create(ValidateTokenRequestSchema, { accessToken }),
  );

  expect(answer.valid).toBe(false);
});

test("the admin is made once and keeps the password of the first time", async () => {
  await ensureAdmin(logic.deps, "first password", logic.deps.log, logic.signal);
  await ensureAdmin(logic.deps, "second password", logic.deps.log, logic.signal);

  expect(await signIn("admin", "first password")).toMatchObject({ user: { username: "admin" } });
  const [row] = await logic.db.query("SELECT role FROM t_user WHERE username = 'admin'");
  expect(row).toEqual({ role: "admin" });
});
