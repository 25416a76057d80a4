import { ChatError } from "@resonance/kit";
import { expect, test } from "vitest";
import { openTestGateway } from "./testing/open-test-gateway.ts";
import { openTestLogic, tokenOfUser } from "./testing/open-test-logic.ts";

const token = tokenOfUser("alice");
const list = "SessionService/GetSessionList";
const missing = { error: "unauthorized: missing authentication token" };
const invalid = { error: "unauthorized: invalid authentication token" };

test("a token counts in the header, with Bearer or bare, else in the query; C05", async () => {
  await using gateway = await openTestGateway();
  const ways = [
    gateway.call(list, {}, { authorization: token }),
    gateway.call(list, {}, { authorization: `Bearer ${token}` }),
    gateway.call(`${list}?token=${token}`, {}),
  ];
  for (const response of await Promise.all(ways)) {
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      sessions: [{ sessionId: "single:alice:ops-bot", unreadCount: "3" }],
    });
  }
  const none = await gateway.call(list, {});
  expect([none.status, await none.json()]).toEqual([401, missing]);
  const bad = await gateway.call(list, {}, { authorization: "nonsense" });
  expect([bad.status, await bad.json()]).toEqual([401, invalid]);
  // Logic vouches for it, and yet nobody here can be called so: trying again is no use.
  const unusable = await gateway.call(list, {}, { authorization: tokenOfUser("alice ") });
  expect([unusable.status, await unusable.json()]).toEqual([401, invalid]);
});

test("the name in the request body does not count, only the token", async () => {
  await using gateway = await openTestGateway();
  const response = await gateway.call(
    list,
    { accessToken: tokenOfUser("eve"), username: "eve" },
    { authorization: token },
  );
  expect(await response.text()).toContain("single:alice:ops-bot");
});

test.each([
  ["CreateSession", { members: ["bob"], type: 1 }, { sessionId: "single:alice:bob" }],
  [
    "GetRecentMessages",
    { sessionId: "0", limit: "7" },
    {
      messages: [{ msgId: "7421152536297500675", seqId: "7", sessionId: "0", toUsername: "alice" }],
    },
  ],
  [
    "GetHistoryMessages",
    { sessionId: "0", limit: "7" },
    {
      messages: [{ msgId: "7421152536297500675", seqId: "7", sessionId: "0", toUsername: "alice" }],
    },
  ],
  [
    "PullInboxDelta",
    { cursorId: "4" },
    { events: [{ inboxId: "5", message: { toUsername: "alice" } }], nextCursorId: "5" },
  ],
  ["GetContactList", {}, { contacts: [{ username: "alice" }] }],
  ["SearchUser", { query: "bo" }, { users: [{ username: "bo" }] }],
  ["UpdateReadPosition", { sessionId: "0", seqId: "9" }, { unreadCount: "9" }],
])("%s is asked of Logic in the caller's name", async (name, request, answer) => {
  await using gateway = await openTestGateway();
  const response = await gateway.call(`SessionService/${name}`, request, {
    authorization: token,
  });
  expect(await response.json()).toEqual(answer);
});

test("signing in and out needs no token", async () => {
  await using gateway = await openTestGateway();
  const login = await gateway.call("AuthService/Login", { username: "alice", password: "x" });
  expect(await login.json()).toEqual({ accessToken: token });
  const logout = await gateway.call("AuthService/Logout", {});
  expect(await logout.json()).toEqual({ success: true });
});

test("a refusal of Logic arrives with its code, its message and an ErrorDetail", async () => {
  await using gateway = await openTestGateway();
  gateway.logic.onLogin = async () => {
    throw new ChatError("unauthenticated", "invalid username or password", {
      reason: "bad_credentials",
    });
  };
  const response = await gateway.call("AuthService/Login", { username: "a", password: "b" });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({
    code: "unauthenticated",
    message: "invalid username or password",
    details: [{ type: "resonance.common.v1.ErrorDetail", debug: { reason: "bad_credentials" } }],
  });
});

test("without Logic a session call is 503, not 401, and works again when Logic is back", async () => {
  const first = await openTestLogic();
  await using gateway = await openTestGateway({ logic: first });
  await first[Symbol.asyncDispose]();
  const response = await gateway.call(list, {}, { authorization: token });
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({
    error: "unavailable: the sign-in cannot be checked now",
  });
  const login = await gateway.call("AuthService/Login", {});
  expect([login.status, (await login.json()).code]).toEqual([503, "unavailable"]);
  expect((await fetch(`${gateway.url}/ready`)).status).toBe(503);
  expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
});

test("a preflight of an allowed origin is 204, then the call 200, both naming it; C06", async () => {
  const origin = "https://chat.example";
  await using gateway = await openTestGateway({
    environment: { RESONANCE_ALLOWED_ORIGINS: origin },
  });
  const preflight = await fetch(`${gateway.url}/resonance.gateway.v1.${list}`, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,authorization,connect-protocol-version",
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-origin")).toBe(origin);
  const call = await gateway.call(list, {}, { authorization: token, origin });
  expect(call.status).toBe(200);
  expect(call.headers.get("access-control-allow-origin")).toBe(origin);
  const stranger = await gateway.call(
    list,
    {},
    { authorization: token, origin: "https://x.example" },
  );
  expect(stranger.headers.get("access-control-allow-origin")).toBeNull();
});

test("the caller's trace id goes to Logic and back; a strange one is replaced", async () => {
  await using gateway = await openTestGateway();
  const headers = { authorization: token, "x-trace-id": "trace-7" };
  const response = await gateway.call(list, {}, headers);
  expect(response.headers.get("x-trace-id")).toBe("trace-7");
  expect(gateway.logic.traceIds).toEqual(["trace-7"]);
  const strange = await gateway.call(list, {}, { ...headers, "x-trace-id": "a b {}" });
  expect(strange.headers.get("x-trace-id")).toMatch(/^[0-9a-f-]{36}$/);
});

test("a body over 256 KiB is refused before it is parsed", async () => {
  await using gateway = await openTestGateway();
  const response = await gateway.call("AuthService/Login", { username: "x".repeat(300 * 1024) });
  expect((await response.json()).code).toBe("resource_exhausted");
});

test("a procedure that does not exist is 404", async () => {
  await using gateway = await openTestGateway();
  const response = await gateway.call("AuthService/Nothing", {});
  expect(response.status).toBe(404);
});

test("logging out ends the token of the header, or else the one in the request", async () => {
  await using gateway = await openTestGateway();
  const mine = tokenOfUser("alice");

  const header = await gateway.call(
    "AuthService/Logout",
    { accessToken: "another" },
    { authorization: `Bearer ${mine}` },
  );
  const body = await gateway.call("AuthService/Logout", { accessToken: "another" });

  expect(await header.json()).toEqual({ success: true });
  expect(await body.json()).toEqual({ success: true });
  expect(gateway.logic.loggedOut).toEqual([mine, "another"]);
});

test("tokens are renewed, and tries to sign in are told with their address", async () => {
  await using gateway = await openTestGateway();

  const renewed = await gateway.call("AuthService/RefreshToken", { refreshToken: "r1" });
  await gateway.call("AuthService/Login", { username: "a", password: "b", refreshable: true });

  expect(await renewed.json()).toMatchObject({ refreshToken: "r1+" });
  expect(gateway.logic.logins).toMatchObject([{ refreshable: true, clientAddress: "127.0.0.1" }]);
});
