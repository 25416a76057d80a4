import { create } from "@bufbuild/protobuf";
import { AuditLog, listNewest } from "@resonance/audit";
import { LoginRequestSchema, ValidateTokenRequestSchema } from "@resonance/mq-proto/logic";
import { afterAll, beforeAll, expect, test } from "vitest";
import { login } from "../login.ts";
import { openTestLogic, type TestLogic } from "../test-logic.ts";
import { validateToken } from "../validate-token.ts";
import { runUsers } from "./run-users.ts";

let logic: TestLogic;
beforeAll(async () => {
  logic = await openTestLogic();
  await logic.user("alice");
});
afterAll(() => logic?.[Symbol.asyncDispose]());

async function users(...words: string[]): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const { db, deps, signal } = logic;
  const code = await runUsers(
    {
      db,
      audit: new AuditLog(db, "a key of thirty-two bytes, or of more"),
      passwords: deps.passwords,
      nowMs: Date.now,
      makePassword: () => "a new password",
      say: (line) => lines.push(line),
    },
    words,
    signal,
  );
  return { code, said: lines.join("\n") };
}

async function signIn(password: string): Promise<string> {
  const request = create(LoginRequestSchema, { username: "alice", password });
  return (await login(logic.deps, request, logic.signal)).accessToken ?? "";
}

async function isValid(accessToken: string): Promise<boolean | undefined> {
  const request = create(ValidateTokenRequestSchema, { accessToken });
  return (await validateToken(logic.deps, request)).valid;
}

test("a role is given, listed and on record", async () => {
  expect(await users("role", "alice", "operator")).toMatchObject({ code: 0 });

  expect((await users("list")).said).toMatch(/^alice +operator$/m);
  expect((await users("list")).said).toMatch(/^ops-bot +bot$/m);
  const [row] = await listNewest(logic.db, 1);
  expect(row).toMatchObject({ kind: "user" });
  expect(JSON.parse(row?.details ?? "")).toEqual({
    command: "role",
    name: "alice",
    role: "operator",
    before: { role: "user", disabled: false },
    after: { role: "operator", disabled: false },
  });
});

test("a name that the Go system took cannot speak to the terminal", async () => {
  const name = "\u001b[2J\u009b31mmallory\nadmin";
  await logic.db.execute("INSERT INTO t_user (username, password) VALUES (?, '!')", [name]);

  const said = [await users("list"), await users("role", name, "operator")]
    .map((result) => result.said)
    .join("\n");

  expect(said).toMatch(/^�\[2J�31mmallory�admin +user$/m);
  expect(said).not.toMatch(/(?!\n)\p{Cc}/u);
});

test("a new password ends every sign-in, and is not on record", async () => {
  const before = await signIn("password");
  expect(await isValid(before)).toBe(true);

  const { said } = await users("reset-password", "alice");

  expect(said).toContain("a new password");
  expect(await isValid(before)).toBe(false);
  await expect(signIn("password")).rejects.toMatchObject({ reason: "bad_credentials" });
  const [row] = await listNewest(logic.db, 1);
  expect(row?.details).not.toContain("a new password");
});

test("who is disabled is out, and in again when enabled", async () => {
  expect(await users("disable", "alice")).toMatchObject({ code: 0 });
  await expect(signIn("a new password")).rejects.toMatchObject({ reason: "account_disabled" });
  await users("enable", "alice");
  expect(await signIn("a new password")).not.toBe("");
});

test("the last administrator stays one, and whoever else is one may go", async () => {
  await logic.user("bea");
  await users("role", "alice", "admin");

  expect((await users("role", "alice", "user")).said).toContain("last administrator");
  expect(await users("disable", "alice")).toMatchObject({ code: 1 });
  expect(await users("reset-password", "alice")).toMatchObject({ code: 0 });
  await users("role", "bea", "admin");
  expect(await users("role", "alice", "user")).toMatchObject({ code: 0 });
});

test.each([
  [["role", "alice", "emperor"], 2],
  [["role", "alice"], 2],
  [["drop", "alice"], 2],
  [[], 2],
  [["role", "nobody", "admin"], 1],
  [["role", "ops-bot", "admin"], 1],
  [["reset-password", "system"], 1],
])("users %j changes nothing and says why", async (words, code) => {
  const result = await users(...words);
  expect(result.code).toBe(code);
  expect(result.said).not.toBe("");
});
