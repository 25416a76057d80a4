import { create } from "@bufbuild/protobuf";
import { AuditLog, listNewest, verifyAudit } from "@resonance/audit";
import type { Database } from "@resonance/db";
import { createLogger } from "@resonance/kit";
import { type SessionId, singleSessionId, type Username } from "@resonance/mq-proto";
import {
  LoginRequestSchema,
  RunPeopleCommandResponse_Outcome as Outcome,
  RunPeopleCommandRequestSchema,
} from "@resonance/mq-proto/logic";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createSession } from "../create-session.ts";
import { login } from "../login.ts";
import { openTestLogic, type TestLogic } from "../test-logic.ts";
import { runPeopleCommand } from "./run-people-command.ts";

const key = "a key of thirty-two bytes, or of more";
const log = createLogger("people-test", "silent");
let logic: TestLogic;

beforeAll(async () => {
  logic = await openTestLogic();
  for (const name of ["ada", "bea", "oscar", "alice"]) await logic.user(name);
});
beforeEach(async () => {
  await logic.db.execute("UPDATE t_user SET role = 'user', disabled_at = NULL WHERE is_bot = 0");
  await logic.db.execute("UPDATE t_user SET role = 'admin' WHERE username IN ('ada', 'bea')");
  await logic.db.execute("UPDATE t_user SET role = 'operator' WHERE username = 'oscar'");
});
afterAll(() => logic?.[Symbol.asyncDispose]());

let sent = 0;

function botSessionOf(name: string): string {
  return singleSessionId(name as Username, "ops-bot" as Username);
}

/** What somebody says, as it is stored; to ops-bot alone unless told. */
async function say(name: string, content: string, sessionId = botSessionOf(name)) {
  const clientMsgId = `said-${sent++}`;
  const fromUsername = name;
  return (await logic.send({ sessionId, fromUsername, content, clientMsgId })).msgId;
}

async function run(msgId: bigint, nowMs: () => number = Date.now, db = logic.db) {
  const deps = { db, audit: new AuditLog(logic.db, key), nowMs, log };
  const request = create(RunPeopleCommandRequestSchema, { msgId });
  return await runPeopleCommand(deps, request, logic.signal);
}

async function order(name: string, content: string) {
  return await run(await say(name, content));
}

async function roleOf(name: string): Promise<string | undefined> {
  const [row] = await logic.db.query<{ role: string }>(
    "SELECT role FROM t_user WHERE username = ?",
    [name],
  );
  return row?.role;
}

async function lastRecord() {
  const [row] = await listNewest(logic.db, 1);
  return row && { ...row, details: JSON.parse(row.details) };
}

test("an administrator gives a role, and it is on record with before and after", async () => {
  const msgId = await say("ada", "/users role alice operator");

  const done = { outcome: Outcome.DONE, command: "role", username: "alice", role: "operator" };
  expect(await run(msgId)).toMatchObject(done);

  expect(await roleOf("alice")).toBe("operator");
  expect(await lastRecord()).toMatchObject({
    kind: "user",
    actor: "ada",
    msgId,
    sessionId: "single:ada:ops-bot",
    details: {
      command: "role",
      name: "alice",
      before: { role: "user", disabled: false },
      after: { role: "operator", disabled: false },
    },
  });
  expect(await verifyAudit(logic.db, key)).toMatchObject({ flaws: [] });
});

test("the same message is acted on once, however often and from how many sides it is called", async () => {
  const msgId = await say("ada", "/users role alice operator");
  const calls = await Promise.all([run(msgId), run(msgId), run(msgId)]);
  expect(calls.map(({ outcome }) => outcome)).toEqual(Array(3).fill(Outcome.DONE));
  await order("bea", "/users role alice user");

  expect(await run(msgId)).toMatchObject({ outcome: Outcome.DONE });

  expect(await roleOf("alice")).toBe("user");
});

test("who gives up the role is told so, also by a call that another one has overtaken", async () => {
  const msgId = await say("ada", "/users role ada user");
  let isOvertaken = false;
  const overtaken: Database = {
    ...logic.db,
    query: async <Row>(...statement: Parameters<Database["query"]>) => {
      const rows = await logic.db.query<Row>(...statement);
      if (!isOvertaken && statement[0].includes("FROM t_people_command")) {
        isOvertaken = true;
        await run(msgId);
      }
      return rows;
    },
  };

  const told = await run(msgId, Date.now, overtaken);

  expect(told).toMatchObject({ outcome: Outcome.DONE });
  expect(await roleOf("ada")).toBe("user");
});

test.each(["oscar", "alice"])(
  "%s, who is no administrator, is refused, on record",
  async (name) => {
    const msgId = await say(name, `/users role ${name} admin`);

    expect(await run(msgId)).toMatchObject({ outcome: Outcome.NOT_ADMIN });

    expect(await roleOf(name)).not.toBe("admin");
    expect(await lastRecord()).toMatchObject({
      actor: name,
      msgId,
      details: { command: "role", name, role: "admin", refused: "not_admin" },
    });
    expect(await order(name, "/users list")).toEqual({
      outcome: Outcome.NOT_ADMIN,
      command: "list",
      username: "",
      role: "",
    });
  },
);

test("who became administrator later does not make an old order good", async () => {
  const msgId = await say("alice", "/users role oscar admin");
  expect(await run(msgId)).toMatchObject({ outcome: Outcome.NOT_ADMIN });
  await order("ada", "/users role alice admin");

  expect(await run(msgId)).toMatchObject({ outcome: Outcome.NOT_ADMIN });
  expect(await roleOf("oscar")).toBe("operator");
});

test("an order that a bot has kept back is too old", async () => {
  const msgId = await say("ada", "/users role oscar admin");

  const later = () => Date.now() + 11 * 60_000;
  expect(await run(msgId, later)).toMatchObject({ outcome: Outcome.TOO_OLD });
  expect(await run(msgId)).toMatchObject({ outcome: Outcome.TOO_OLD });

  expect(await roleOf("oscar")).toBe("operator");
});

test("in a group nothing is ordered and nobody listed", async () => {
  const request = { creatorUsername: "ada", type: 2, name: "ops", members: ["alice", "ops-bot"] };
  const { sessionId } = await createSession(logic.deps, request as never, logic.signal);
  for (const words of ["role oscar admin", "list"]) {
    const msgId = await say("ada", `@ops-bot /users ${words}`, sessionId);
    expect(await run(msgId)).toMatchObject({ outcome: Outcome.NOT_ALONE });
  }
  expect(await roleOf("oscar")).toBe("operator");
  expect(await lastRecord()).toMatchObject({ details: { refused: "not_alone" } });
});

test("a message that is no such order is refused, whoever calls", async () => {
  const others = [
    await say("ada", "please run /users role oscar admin"),
    await say("ada", "hello"),
    12_345n,
    0n,
    -1n,
  ];
  for (const msgId of others) {
    await expect(run(msgId)).rejects.toMatchObject({ code: "permission_denied" });
  }
});

test("what a bot has said is no order, in whatever session", async () => {
  const bot = "ops-bot" as Username;
  for (const sessionId of ["single:ada:ops-bot", "0"] as SessionId[]) {
    const msgId = await say(bot, "/users role oscar admin", sessionId);
    await expect(run(msgId)).rejects.toMatchObject({ code: "permission_denied" });
  }
  expect(await roleOf("oscar")).toBe("operator");
});

test("who is disabled is out at once, and in again when enabled", async () => {
  const signIn = () => {
    const request = create(LoginRequestSchema, { username: "alice", password: "password" });
    return login(logic.deps, request, logic.signal);
  };
  await order("ada", "/users disable alice");
  await expect(signIn()).rejects.toMatchObject({ reason: "account_disabled" });
  expect(await lastRecord()).toMatchObject({
    details: { before: { disabled: false }, after: { disabled: true } },
  });

  await order("ada", "/users enable alice");
  expect((await signIn()).accessToken).not.toBe("");
});

test("reset-password makes the old one wrong, and no new one is stored or said anywhere", async () => {
  const [before] = await logic.db.query<{ password: string }>(
    "SELECT password FROM t_user WHERE username = 'oscar'",
  );
  expect(await order("ada", "/users reset-password oscar")).toMatchObject({
    outcome: Outcome.DONE,
  });

  const request = create(LoginRequestSchema, { username: "oscar", password: "password" });
  await expect(login(logic.deps, request, logic.signal)).rejects.toMatchObject({
    reason: "bad_credentials",
  });
  // A password typed behind it is no part of the command, and not on record.
  const typed = await say("ada", "/users reset-password oscar hunter2hunter2");
  expect(await run(typed)).toEqual({ outcome: Outcome.USAGE });
  const rows = await logic.db.query<{ details: string }>("SELECT details FROM t_audit");
  expect(rows.filter(({ details }) => details.includes("hunter2"))).toEqual([]);
  await logic.db.execute("UPDATE t_user SET password = ? WHERE username = 'oscar'", [
    before?.password ?? "",
  ]);
});

test.each([
  ["role ada user", "role"],
  ["disable ada", "disable"],
  ["reset-password ada", "reset-password"],
])("the last administrator who can sign in stays one: %s", async (words) => {
  await order("ada", "/users disable bea");

  expect(await order("ada", `/users ${words}`)).toMatchObject({ outcome: Outcome.LAST_ADMIN });

  expect(await roleOf("ada")).toBe("admin");
  expect(await lastRecord()).toMatchObject({ actor: "ada", details: { refused: "last_admin" } });
});

test("two administrators who take each other's role at once leave one", async () => {
  const both = await Promise.all([
    say("ada", "/users role bea user"),
    say("bea", "/users role ada user"),
  ]);

  const outcomes = (await Promise.all(both.map((msgId) => run(msgId)))).map((r) => r.outcome);

  expect(outcomes.filter((outcome) => outcome === Outcome.DONE)).toHaveLength(1);
  const admins = [await roleOf("ada"), await roleOf("bea")].filter((role) => role === "admin");
  expect(admins).toHaveLength(1);
});

test.each([
  ["role nobody admin", Outcome.NO_SUCH_PERSON],
  ["role ops-bot admin", Outcome.NO_PERSON],
  ["disable system", Outcome.NO_PERSON],
  ["role alice emperor", Outcome.USAGE],
  ["drop alice", Outcome.USAGE],
  ["", Outcome.USAGE],
])("/users %s changes nothing", async (words, outcome) => {
  expect(await order("ada", `/users ${words}`)).toMatchObject({ outcome });
});

test("the list has who may most first", async () => {
  await order("ada", "/users disable alice");

  const { people, total } = await order("ada", "/users list");

  expect(people?.map(({ username, role }) => `${username} ${role}`)).toEqual([
    "ada admin",
    "bea admin",
    "oscar operator",
    "alice user",
    expect.stringContaining("ops-bot"),
  ]);
  expect(people?.[3]?.disabledAtMs).toBeGreaterThan(0n);
  expect(total).toBe(5);
});
