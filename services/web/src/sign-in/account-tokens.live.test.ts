import { FakeGateway } from "@resonance/client/fake-gateway";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { type Account, forgetAccount, loadSignIn, saveAccount } from "../account.ts";
import { ChatModel } from "../state/chat-model.ts";
import { historyOf } from "../state/chat-state.ts";
import { memoryStorage } from "../state/memory-storage.ts";
import { accountTokens, endSignIn, type RenewalDeps } from "./account-tokens.ts";

const sessionId = "single:alice:ops-bot";
const { signal } = new AbortController();
const lifetimeMs = 900_000;

let tokenCount = 0;

/** As Logic makes them, as far as a client looks. The server's clock is years behind. */
function accessToken(): string {
  const claims = { iat: 1_000_000, exp: 1_000_000 + lifetimeMs / 1_000, nr: tokenCount++ };
  return `h.${btoa(JSON.stringify(claims))}.s`;
}

/** A gateway that renews a refresh token once, and what two tabs of one page share. */
async function openSignIn(account: Partial<Account> = {}) {
  const gateway = await new FakeGateway().listen();
  const used = new Set<string>();
  gateway.renew = (refreshToken) => {
    if (used.has(refreshToken)) return undefined;
    used.add(refreshToken);
    const token = accessToken();
    gateway.tokens.add(token);
    return { accessToken: token, refreshToken: `${refreshToken}+` };
  };
  const deps: RenewalDeps = {
    baseUrl: gateway.url,
    storage: memoryStorage(),
    locks: navigator.locks,
  };
  const token = accessToken();
  gateway.tokens.add(token);
  saveAccount(deps.storage, {
    signInId: "s1",
    token,
    refreshToken: "r",
    receivedAtMs: Date.now(),
    username: "alice",
    nickname: "",
    ...account,
  });
  const ended: string[] = [];
  const openTab = (name: string) =>
    new ChatModel({
      baseUrl: gateway.url,
      username: "alice",
      tokens: accountTokens(deps, "s1"),
      onSignedOut: () => ended.push(name),
    });
  const now = () => loadSignIn(deps.storage).account;
  return { gateway, deps, token, ended, openTab, now };
}

const isOnline = (model: ChatModel) => model.getState().connection === "online";

test("a fresh token is used as it is, and one about to expire is renewed first", async () => {
  const { gateway, deps, token, now } = await openSignIn();
  await using _ = gateway;
  const tokens = accountTokens(deps, "s1");
  expect(await tokens.token(signal)).toBe(token);
  expect(gateway.renewals).toEqual([]);

  const account = now();
  if (!account) throw new Error("nobody is signed in");
  saveAccount(deps.storage, { ...account, receivedAtMs: Date.now() - lifetimeMs + 50_000 });

  expect(await tokens.token(signal)).toBe(now()?.token);
  expect(now()).toMatchObject({ refreshToken: "r+", signInId: "s1" });
  expect(gateway.renewals).toEqual(["r"]);
});

test("tabs whose token expires at once renew it once, and lose nothing they are sending", async () => {
  const { gateway, deps, token, ended, openTab } = await openSignIn();
  await using _ = gateway;
  const tabs = [openTab("one"), openTab("two")];
  await eventually(() => tabs.every(isOnline) && tabs.every((tab) => tab.getState().listed));
  gateway.chatPolicy = () => "lose";
  tabs[0]?.send(sessionId, "under way");
  await eventually(() => gateway.chats.length === 1);

  gateway.tokens.delete(token);
  gateway.chatPolicy = () => "acknowledge";
  gateway.expireConnections();

  await eventually(() => gateway.connects === 4 && tabs.every(isOnline), { timeoutMs: 10_000 });
  await eventually(() => gateway.messages.map(({ content }) => content).includes("under way"));
  expect(gateway.renewals).toEqual(["r"]);
  expect(loadSignIn(deps.storage).account?.refreshToken).toBe("r+");
  expect(ended).toEqual([]);
  await Promise.all(tabs.map((tab) => tab.close()));
});

test("a call that is refused for its token is asked again with a renewed one", async () => {
  const { gateway, token, ended, openTab } = await openSignIn();
  await using _ = gateway;
  gateway.store(sessionId, "ops-bot", "welcome");
  const tab = openTab("one");
  await eventually(() => isOnline(tab) && tab.getState().listed);

  gateway.tokens.delete(token);
  tab.openSession(sessionId);

  await eventually(() => historyOf(tab.getState(), sessionId).loaded);
  expect(gateway.renewals).toEqual(["r"]);
  expect(ended).toEqual([]);
  await tab.close();
});

test("a sign-in that was revoked ends, also when its tab only reconnects", async () => {
  const { gateway, ended, openTab } = await openSignIn();
  await using _ = gateway;
  const tab = openTab("one");
  await eventually(() => isOnline(tab) && tab.getState().listed);

  gateway.renew = () => undefined;
  gateway.acceptsToken = false;
  gateway.dropConnections();

  await eventually(() => expect(ended).toEqual(["one"]), { timeoutMs: 10_000 });
  await tab.close();
});

test("a server that cannot renew at the moment ends no sign-in", async () => {
  const { gateway, deps, now } = await openSignIn({ receivedAtMs: 1 });
  await gateway[Symbol.asyncDispose]();

  await expect(accountTokens(deps, "s1").token(signal)).rejects.toMatchObject({
    reason: "offline",
  });

  expect(now()?.refreshToken).toBe("r");
});

test("a renewal that comes back after a sign-out signs nobody in again", async () => {
  const { gateway, deps } = await openSignIn({ receivedAtMs: 1 });
  await using _ = gateway;
  const renew = gateway.renew;
  gateway.renew = (refreshToken) => {
    forgetAccount(deps.storage, false);
    return renew(refreshToken);
  };

  await expect(accountTokens(deps, "s1").token(signal)).rejects.toMatchObject({
    reason: "not_signed_in",
  });

  expect(loadSignIn(deps.storage)).toEqual({ hasEnded: false });
});

test("signing out with an expired token renews it, for the server to know whose it is", async () => {
  const { gateway, deps, now } = await openSignIn({ receivedAtMs: 1 });
  await using _ = gateway;
  const account = now();
  if (!account) throw new Error("nobody is signed in");

  await endSignIn(deps, account, signal);

  expect(gateway.calls).toEqual(["RefreshToken", "Logout"]);
});
