import { create } from "@bufbuild/protobuf";
import { transaction } from "@resonance/db";
import {
  LoginRequestSchema,
  LogoutRequestSchema,
  RefreshTokenRequestSchema,
  ValidateTokenRequestSchema,
} from "@resonance/mq-proto/logic";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { login } from "../login.ts";
import type { Passwords } from "../passwords.ts";
import { lockAttempts } from "../sql/sign-in-attempts.ts";
import { openTestLogic, type TestLogic } from "../test-logic.ts";
import { createTokens } from "../tokens.ts";
import { changeUser } from "../users/change-user.ts";
import { validateToken } from "../validate-token.ts";
import { keyOf } from "./attempts.ts";
import { listRevocations } from "./list-revocations.ts";
import { logout } from "./logout.ts";
import { refreshToken } from "./refresh-token.ts";
import { revokeUser } from "./revoke-user.ts";

const secretKey = "a secret of thirty-two bytes, or more";
let logic: TestLogic;
beforeAll(async () => {
  logic = await openTestLogic();
});
afterAll(() => logic[Symbol.asyncDispose]());

/** Logic at a time of its own. */
function at(offsetMs: number) {
  const nowMs = () => Date.now() + offsetMs;
  return { ...logic.deps, nowMs, tokens: createTokens(secretKey, nowMs) };
}

async function signIn(username: string, options: { refreshable?: boolean } = {}, deps = at(0)) {
  const request = create(LoginRequestSchema, { username, password: "password", ...options });
  const { accessToken = "", refreshToken: refresh = "" } = await login(deps, request, logic.signal);
  return { access: accessToken, refresh };
}

function renew(token: string, deps = at(0)) {
  const request = create(RefreshTokenRequestSchema, { refreshToken: token });
  return refreshToken(deps, request, logic.signal);
}

async function isValid(accessToken: string, deps = at(0)): Promise<boolean | undefined> {
  const request = create(ValidateTokenRequestSchema, { accessToken });
  return (await validateToken(deps, request)).valid;
}

async function resetPassword(name: string, nowMs: () => number): Promise<void> {
  const audit = { append: async () => undefined };
  const passwordHash = await logic.deps.passwords.hash("another one");
  await changeUser(
    { db: logic.db, audit, nowMs },
    { command: "reset-password", name },
    { actor: "test" },
    { passwordHash },
    logic.signal,
  );
}

/** Whether a statement about this person's sign-ins waits for a lock. */
async function waitsForSignIn(username: string): Promise<boolean> {
  const waiting = await logic.db.query(
    "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE ?",
    [`%t_sign_in%${username}%`],
  );
  return waiting.length > 0;
}

const minuteMs = 60_000;

test("a client of the contract gets a token for 24 h, which its logout ends", async () => {
  await logic.user("carla");
  const { access, refresh } = await signIn("carla");
  const other = await signIn("carla", {}, at(1_000));
  expect(refresh).toBe("");
  expect(await isValid(access, at(23 * 60 * minuteMs))).toBe(true);

  await logout(at(0), create(LogoutRequestSchema, { accessToken: access }), logic.signal);

  expect(await isValid(access)).toBe(false);
  expect(await isValid(other.access)).toBe(true);
});

test("a client that asks gets a short token, and renews it", async () => {
  await logic.user("dora");
  const first = await signIn("dora", { refreshable: true });
  expect(await isValid(first.access, at(14 * minuteMs))).toBe(true);
  expect(await isValid(first.access, at(16 * minuteMs))).toBe(false);

  const second = await renew(first.refresh, at(20 * minuteMs));

  expect(await isValid(second.accessToken ?? "", at(34 * minuteMs))).toBe(true);
  expect(second.refreshToken).not.toBe(first.refresh);
  await expect(renew("rr_nobody")).rejects.toMatchObject({ code: "unauthenticated" });
});

test("an answer that got lost is asked for again, and a stolen token ends the sign-in", async () => {
  await logic.user("emma");
  const first = await signIn("emma", { refreshable: true });
  await renew(first.refresh);
  const again = await renew(first.refresh, at(30_000));
  expect(await isValid(again.accessToken ?? "", at(31_000))).toBe(true);

  await expect(renew(first.refresh, at(2 * minuteMs))).rejects.toMatchObject({
    code: "unauthenticated",
  });

  await expect(renew(again.refreshToken ?? "")).rejects.toMatchObject({ code: "unauthenticated" });
  expect(await isValid(again.accessToken ?? "", at(31_000))).toBe(false);
});

test("logging out ends the sign-in with its refresh token", async () => {
  await logic.user("fay");
  const { access, refresh } = await signIn("fay", { refreshable: true });
  const renewed = await renew(refresh);

  await logout(at(0), create(LogoutRequestSchema, { accessToken: access }), logic.signal);

  expect(await isValid(renewed.accessToken ?? "")).toBe(false);
  await expect(renew(renewed.refreshToken ?? "")).rejects.toMatchObject({
    code: "unauthenticated",
  });
  await logout(at(0), create(LogoutRequestSchema, { accessToken: "rubbish" }), logic.signal);
});

test("a user's tokens are all revoked at once, and the next one is good", async () => {
  await logic.user("gina");
  const [long, short] = [await signIn("gina"), await signIn("gina", { refreshable: true })];

  await transaction(logic.db, (tx) => revokeUser(tx, "gina", Date.now), logic.signal);

  expect(await isValid(long.access)).toBe(false);
  expect(await isValid(short.access)).toBe(false);
  await expect(renew(short.refresh)).rejects.toMatchObject({ code: "unauthenticated" });
  const { access } = await signIn("gina", {}, at(1_100));
  expect(await isValid(access, at(1_200))).toBe(true);
  const told = await listRevocations(logic.deps, {
    createdAfterMs: 0n,
  } as Parameters<typeof listRevocations>[1]);
  expect(told.revocations?.filter(({ username }) => username === "gina")).toHaveLength(1);
});

test("who signs in again in the second in which all tokens ended gets one that holds", async () => {
  await logic.user("hugo");
  await transaction(logic.db, (tx) => revokeUser(tx, "hugo", Date.now), logic.signal);

  const { access } = await signIn("hugo");

  expect(await isValid(access)).toBe(true);
});

test.each([
  ["for 24 h", false],
  ["that can be renewed", true],
])(
  "a password that is replaced while it is compared opens nothing: a token %s",
  async (_, refreshable) => {
    const username = await logic.user(refreshable ? "iris" : "ivan");
    const matches: Passwords["matches"] = async (password, hash) => {
      const matched = await logic.deps.passwords.matches(password, hash);
      await resetPassword(username, Date.now);
      return matched;
    };
    const deps = { ...at(0), passwords: { ...logic.deps.passwords, matches } };

    await expect(signIn(username, { refreshable }, deps)).rejects.toMatchObject({
      reason: "bad_credentials",
    });

    const left = await logic.db.query("SELECT 1 FROM t_sign_in WHERE username = ?", [username]);
    expect(left).toEqual([]);
  },
);

test("a token that is renewed while all of its user's end, ends too", async () => {
  const username = await logic.user("jack");
  const { refresh } = await signIn(username, { refreshable: true });
  let offsetMs = 0;
  const nowMs = () => Date.now() + offsetMs;
  const tokens = createTokens(secretKey, nowMs);
  let resetting: Promise<unknown> | undefined;
  const issue: typeof tokens.issue = async (...parameters) => {
    resetting = resetPassword(username, nowMs);
    // The server shows transactions anew only to who has not looked for 100 ms.
    const waits = eventually(() => waitsForSignIn(username), { intervalMs: 150 });
    await Promise.race([resetting, waits]);
    offsetMs = 2_000;
    return await tokens.issue(...parameters);
  };

  const renewed = await renew(refresh, { ...logic.deps, nowMs, tokens: { ...tokens, issue } });
  await resetting;

  expect(await isValid(renewed.accessToken ?? "", at(3_000))).toBe(false);
});

test("a disabled account keeps nobody signed in and lets nobody in", async () => {
  await logic.user("hana");
  const { access, refresh } = await signIn("hana", { refreshable: true });

  await logic.db.execute("UPDATE t_user SET disabled_at = NOW() WHERE username = 'hana'");

  expect(await isValid(access)).toBe(false);
  await expect(renew(refresh)).rejects.toMatchObject({ code: "unauthenticated" });
  await expect(signIn("hana")).rejects.toMatchObject({ reason: "account_disabled" });
});

test("too many tries end in a wait, for the account and for the address, however many at once", async () => {
  await logic.user("ida");
  const guess = (username: string, clientAddress: string, password = "wrong") =>
    login(
      at(0),
      create(LoginRequestSchema, { username, password, clientAddress }),
      logic.signal,
    ).then(
      () => "in",
      (error: { reason: string }) => error.reason,
    );

  const tries = await Promise.all(
    Array.from({ length: 25 }, (_, index) => guess("ida", `10.0.0.${index}`)),
  );
  const right = await guess("ida", "10.0.0.99", "password");
  const strangers = await Promise.all(
    Array.from({ length: 60 }, (_, index) => guess(`nobody${index}`, "10.9.9.9")),
  );

  expect(tries.filter((reason) => reason === "bad_credentials")).toHaveLength(10);
  expect(tries.filter((reason) => reason === "too_many_attempts")).toHaveLength(15);
  // Not even with the password: a guess that is right must not be told from one that is not.
  expect(right).toBe("too_many_attempts");
  expect(strangers.filter((reason) => reason === "bad_credentials")).toHaveLength(50);
  expect(await guess("ida", "", "password")).toBe("too_many_attempts");
  await logic.user("jane");
  expect(await guess("jane", "10.1.1.1", "password")).toBe("in");
});

test("tries that an address may not make are not counted against the account", async () => {
  await logic.user("kim");
  const rightFrom = (clientAddress: string) =>
    login(
      at(0),
      create(LoginRequestSchema, { username: "kim", password: "password", clientAddress }),
      logic.signal,
    );
  const blocked = { attempts: 50, lastAt: new Date(), blockedUntil: new Date(Date.now() + 60_000) };
  await transaction(
    logic.db,
    (tx) => lockAttempts(tx, "address", keyOf("10.8.8.8"), blocked),
    logic.signal,
  );
  for (let count = 0; count < 15; count++) {
    await expect(rightFrom("10.8.8.8")).rejects.toMatchObject({ reason: "too_many_attempts" });
  }

  expect((await rightFrom("10.8.8.9")).accessToken).not.toBe("");
});
