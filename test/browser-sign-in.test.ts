import { signOut } from "@resonance/client";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestStack, type TestStack } from "./testing/open-test-stack.ts";
import { botSession, launchBrowser, openPage, register, waitForOnline } from "./testing/pages.ts";

/** So that a token's end comes while a test looks. */
const tokenSeconds = 5;

let stack: TestStack;
let browser: Browser;

beforeAll(async () => {
  const environment = { RESONANCE_ACCESS_TOKEN_SECONDS: `${tokenSeconds}` };
  [stack, browser] = await Promise.all([openTestStack(environment), launchBrowser()]);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

type Kept = { token: string; refreshToken: string };

/** What the tabs of the page share. */
function kept(page: Page): Promise<Kept> {
  return page.evaluate(() => JSON.parse(localStorage.getItem("resonance.account") ?? "{}"));
}

/** The refresh tokens that the page shows to the server, in order. */
function watchRenewals(page: Page, into: string[]): void {
  page.on("request", (request) => {
    if (!request.url().endsWith("/RefreshToken")) return;
    into.push(String(request.postDataJSON().refreshToken));
  });
}

function watchSockets(page: Page): { opened: number; closed: number } {
  const count = { opened: 0, closed: 0 };
  page.on("websocket", (socket) => {
    count.opened++;
    socket.on("close", () => count.closed++);
  });
  return count;
}

function renewByHand(refreshToken: string): Promise<Response> {
  return fetch(`${stack.url}/resonance.gateway.v1.AuthService/RefreshToken`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ refreshToken }),
  });
}

test("a token that expires in mid-session is renewed for all tabs, and nothing is lost", {
  timeout: 90_000,
}, async () => {
  const page = await openPage(browser, stack.url);
  const renewals: string[] = [];
  watchRenewals(page, renewals);
  await register(page, "anna");
  const tab = await page.context().newPage();
  watchRenewals(tab, renewals);
  const sockets = [watchSockets(page), watchSockets(tab)];
  await tab.goto(stack.url);
  for (const each of [page, tab]) {
    await botSession(each, "anna").click();
    await waitForOnline(each);
  }
  const first = await kept(page);
  const draft = "this is being typed while the token";
  await page.getByTestId("composer").pressSequentially(draft);

  // Both tabs' sockets are closed for their token at least once, and opened again.
  await expect
    .poll(() => sockets.every(({ opened }) => opened >= 2), { timeout: 40_000 })
    .toBe(true);
  await Promise.all([page, tab].map(waitForOnline));
  expect(await page.getByTestId("composer").inputValue()).toBe(draft);
  await page.getByTestId("composer").pressSequentially(" expires");
  await page.getByTestId("composer").press("Enter");

  const mine = tab.locator('[data-testid="message"][data-from="anna"]');
  await expect.poll(() => mine.allInnerTexts(), { timeout: 15_000 }).toHaveLength(1);
  expect(await mine.innerText()).toContain(`${draft} expires`);
  expect(renewals[0]).toBe(first.refreshToken);
  await expect
    .poll(async () => (await kept(tab)).refreshToken === (await kept(page)).refreshToken)
    .toBe(true);
  const last = await kept(page);
  expect(last.refreshToken).not.toBe(first.refreshToken);
  // Whichever tab renewed it: what both of them hold is what the server knows.
  expect((await renewByHand(last.refreshToken)).status).toBe(200);
  await page.context().close();
});

test("what is sent while the connection waits for a new token arrives once", {
  timeout: 90_000,
}, async () => {
  const page = await openPage(browser, stack.url);
  await register(page, "bella");
  await botSession(page, "bella").click();
  await waitForOnline(page);
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await page.route("**/RefreshToken", async (route) => {
    asked.resolve();
    await held.promise;
    await route.continue();
  });
  const state = page.getByTestId("connection-state");
  await expect.poll(() => state.getAttribute("data-state"), { timeout: 40_000 }).not.toBe("online");
  await asked.promise;

  await page.getByTestId("composer").fill("/help");
  await page.getByTestId("composer").press("Enter");
  held.resolve();

  await waitForOnline(page);
  const answer = page.locator('[data-testid="message"][data-from="ops-bot"]', {
    hasText: "/services",
  });
  await answer.waitFor({ timeout: 30_000 });
  expect(await page.locator('[data-testid="message"][data-from="bella"]').count()).toBe(1);
  await page.context().close();
});

test.each([
  ["en-US", 1280],
  ["zh-CN", 375],
] as const)(
  "a sign-in that is revoked elsewhere ends in every tab within 30 s, in a plain sentence (%s)",
  {
    timeout: 90_000,
  },
  async (locale, width) => {
    const page = await openPage(browser, stack.url, { locale, width });
    await register(page, `carla-${width}`);
    const tab = await page.context().newPage();
    await tab.goto(stack.url);
    await Promise.all([page, tab].map(waitForOnline));
    const { token } = await kept(page);

    const revokedAt = performance.now();
    await signOut(stack.url, token, AbortSignal.timeout(10_000));

    for (const each of [page, tab]) {
      await each.getByTestId("sign-in").waitFor({ timeout: 30_000 });
      const sentence = await each.getByTestId("error").innerText();
      expect(sentence).toMatch(
        locale === "zh-CN" ? /登录已失效/ : /no longer valid.*sign in again/i,
      );
    }
    expect(performance.now() - revokedAt).toBeLessThan(30_000);
    await page.context().close();
  },
);

test("signing out ends the sign-in at the server and in the other tab, without blame", {
  timeout: 60_000,
}, async () => {
  const page = await openPage(browser, stack.url);
  await register(page, "dora");
  const tab = await page.context().newPage();
  await tab.goto(stack.url);
  await waitForOnline(tab);
  const { refreshToken } = await kept(page);

  const logout = page.waitForResponse((response) => response.url().endsWith("/Logout"));
  await page.getByTestId("sign-out").click();

  await tab.getByTestId("sign-in").waitFor();
  expect(await tab.getByTestId("error").count()).toBe(0);
  expect((await logout).status()).toBe(200);
  expect((await renewByHand(refreshToken)).status).toBe(401);
  await page.context().close();
});
