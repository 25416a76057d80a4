import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createApi, signIn as signInByApi } from "@resonance/client";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestStack, type TestStack } from "./testing/open-test-stack.ts";
import { launchBrowser, openPage as openPageOf, register, signIn } from "./testing/pages.ts";

let stack: TestStack;
let browser: Browser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([openTestStack(), launchBrowser()]);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

function openPage(options: { locale?: string; width?: number } = {}): Promise<Page> {
  return openPageOf(browser, stack.url, options);
}

async function ask(page: Page, question: string): Promise<string> {
  const answers = page.locator('[data-testid="message"][data-from="ops-bot"]');
  // The welcome: before the history is there, a count says nothing.
  await answers.first().waitFor();
  const before = await answers.count();
  await page.getByTestId("composer").fill(question);
  await page.getByTestId("send").click();
  await expect.poll(() => answers.count(), { timeout: 30_000 }).toBeGreaterThan(before);
  return await answers.last().innerText();
}

test("「帮我查看 Gateway 的日志」 typed in the page is answered with lines of the gateway's log", async () => {
  const page = await openPage({ locale: "zh-CN" });
  await signIn(page, "admin", stack.adminPassword);
  await page.getByTestId("session-single:admin:ops-bot").click();

  const answer = await ask(page, "帮我查看 Gateway 的日志");

  const lines = answer.split("\n").filter((line) => /\d\d:\d\d:\d\d\.\d{3}/.test(line));
  expect(lines.length, answer).toBeGreaterThan(0);
  const log = await readFile(join(stack.home, "logs/gateway.log"), "utf8");
  const times = log.split("\n").map((line) => line.slice(line.indexOf("T") + 1, line.indexOf("Z")));
  for (const line of lines)
    expect(
      times.some((time) => line.includes(time)),
      line,
    ).toBe(true);
  await page.context().close();
});

test("the page speaks the browser's language", async () => {
  const [english, chinese] = [
    await openPage({ locale: "en-US" }),
    await openPage({ locale: "zh-CN" }),
  ];

  expect(await english.getByTestId("sign-in").innerText()).toMatch(/sign in/i);
  expect(await chinese.getByTestId("sign-in").innerText()).toMatch(/登录/);
  expect(await chinese.locator("html").getAttribute("lang")).toMatch(/^zh/);
});

test("a wrong password is said in the user's language", async () => {
  const page = await openPage({ locale: "zh-CN" });

  await signIn(page, "admin", "wrong password");

  expect(await page.getByTestId("error").innerText()).toMatch(/密码/);
});

test("who registers finds ops-bot there, and may ask at once", async () => {
  const page = await openPage();
  await register(page, "alice");
  await page.getByTestId("session-single:alice:ops-bot").click();

  const answer = await ask(page, "list the services");

  for (const service of ["gateway", "logic", "task", "bot"]) expect(answer).toContain(service);
});

test("a message is shown once, also after the page is loaded again", async () => {
  const page = await openPage();
  await register(page, "bob");
  await page.getByTestId("session-single:bob:ops-bot").click();
  await ask(page, "/help");

  await page.reload();
  await page.getByTestId("session-single:bob:ops-bot").click();

  const mine = page.locator('[data-testid="message"][data-from="bob"]');
  await expect.poll(() => mine.count()).toBe(1);
  expect(await mine.innerText()).toContain("/help");
});

test("a group with ops-bot says how to ask it, and completes its name", async () => {
  const [page, chinese] = [await openPage(), await openPage({ locale: "zh-CN" })];
  await register(page, "gail");
  await register(chinese, "hugo");
  const { accessToken } = await signInByApi(
    stack.url,
    { username: "gail", password: "a good password" },
    AbortSignal.timeout(10_000),
  );
  const api = createApi(stack.url, accessToken);
  const group = (name: string, members: string[]) =>
    api.createSession({ name, members, type: 2 }).then(({ sessionId }) => sessionId);
  const [withBot, without] = [
    await group("with", ["hugo", "ops-bot"]),
    await group("without", ["hugo", "admin"]),
  ];
  const placeholder = (on: Page) => on.getByTestId("composer").getAttribute("placeholder");
  await chinese.getByTestId(`session-${withBot}`).click();
  await page.getByTestId(`session-${without}`).click();
  expect(await placeholder(page)).toBe("Write a message");
  await page.getByTestId(`session-${withBot}`).click();

  await expect.poll(() => placeholder(page)).toBe("Write a message, or ask @ops-bot");
  await expect.poll(() => placeholder(chinese)).toBe("输入消息，或用 @ops-bot 提问");
  const composer = page.getByTestId("composer");
  await composer.pressSequentially("hi @o");
  await page.getByTestId("mention-ops-bot").waitFor();
  await composer.press("Enter");
  expect(await composer.inputValue()).toBe("hi @ops-bot ");
  await composer.pressSequentially("@hu");
  await page.getByTestId("mention-hugo").waitFor();
  await composer.press("Escape");
  await composer.fill("hi @ops-bot ");
  await composer.pressSequentially("list the services");
  await composer.press("Enter");
  const answer = page.locator('[data-testid="message"][data-from="ops-bot"]');
  await expect.poll(() => answer.count(), { timeout: 30_000 }).toBe(1);
});

test("people see who of them is there, and who is writing", async () => {
  const [ann, ben] = [await openPage(), await openPage()];
  await register(ann, "ann");
  await register(ben, "ben");
  const { accessToken } = await signInByApi(
    stack.url,
    { username: "ann", password: "a good password" },
    AbortSignal.timeout(10_000),
  );
  await createApi(stack.url, accessToken).createSession({ members: ["ben"], type: 1 });
  await ann.getByTestId("session-single:ann:ben").click();
  await ben.getByTestId("session-single:ann:ben").click();

  await ben.getByTestId("composer").pressSequentially("good mor");
  await ann.getByTestId("typing").waitFor();
  expect(await ann.getByTestId("typing").innerText()).toContain("ben");
  await ben.getByTestId("composer").press("Enter");
  await ann.getByTestId("typing").waitFor({ state: "detached" });

  await ann.getByTestId("peer-online").waitFor();
  await ben.close();
  await ann.getByTestId("peer-online").waitFor({ state: "detached" });
});

test("a gateway that is restarted is lost and found, and what is sent meanwhile arrives once", {
  timeout: 90_000,
}, async () => {
  const page = await openPage();
  await register(page, "carol");
  await page.getByTestId("session-single:carol:ops-bot").click();
  const state = page.getByTestId("connection-state");
  await expect.poll(() => state.getAttribute("data-state"), { timeout: 10_000 }).toBe("online");

  await stack.services.gateway.stop(AbortSignal.timeout(30_000));
  await expect.poll(() => state.getAttribute("data-state"), { timeout: 15_000 }).not.toBe("online");
  const answers = page.locator('[data-testid="message"][data-from="ops-bot"]');
  const before = await answers.count();
  await page.getByTestId("composer").fill("/help");
  await page.getByTestId("send").click();
  await stack.services.gateway.start(AbortSignal.timeout(30_000));

  await expect.poll(() => answers.count(), { timeout: 30_000 }).toBe(before + 1);
  expect(await page.locator('[data-testid="message"][data-from="carol"]').count()).toBe(1);
});

test("a narrow page shows a log block inside its own width", async () => {
  const page = await openPage({ width: 375 });
  await register(page, "dave");
  await page.getByTestId("session-single:dave:ops-bot").click();

  await ask(page, "show the gateway's logs");

  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - window.innerWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
});

test("a long message with code in it stays inside its column, and a phone wraps log lines", async () => {
  const page = await openPage();
  await register(page, "olga");
  const line = `12:00:00.000Z INFO request ${"path=/a/long/path ".repeat(20)}`;
  await page.getByTestId("session-single:olga:ops-bot").click();
  await ask(page, `${"A long message. ".repeat(40)}\n\n\`\`\`\n${line}\n\`\`\``);
  const own = page.locator('[data-testid="message"][data-own="true"]');
  const right = (element: Element) => element.getBoundingClientRect().right;

  const [message, body] = [own, own.locator(".message-body")];
  expect(await body.evaluate(right)).toBeLessThanOrEqual(await message.evaluate(right));

  await page.setViewportSize({ width: 390, height: 844 });
  await page.reload();
  await own.waitFor();
  const code = own.locator(".code-scroll");
  const hidden = await code.evaluate((element) => element.scrollWidth - element.clientWidth);
  expect(hidden).toBe(0);
  await page.context().close();
});

test("the page loads nothing from elsewhere and breaks no rule of its policy", async () => {
  const page = await openPage();
  const foreign: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(stack.url) && !request.url().startsWith("data:"))
      foreign.push(request.url());
  });
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });

  await page.reload();
  await register(page, "erin");
  await page.getByTestId("session-single:erin:ops-bot").click();
  await ask(page, "/help");

  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
});

test.each(["task", "bot"] as const)(
  "a restart of %s is asked for, approved by a button, done once, and its outcome told",
  { timeout: 120_000 },
  async (name) => {
    const page = await openPage({ locale: "zh-CN" });
    await signIn(page, "admin", stack.adminPassword);
    await page.getByTestId("session-single:admin:ops-bot").click();
    const { pid } = stack.services[name];
    await page.getByTestId("composer").fill(`重启 ${name} 服务`);
    await page.getByTestId("send").click();
    const card = page.locator('[data-testid="message"]', { hasText: `重启 ${name}` }).filter({
      has: page.getByTestId("decision"),
    });
    await card.waitFor({ timeout: 30_000 });
    expect(stack.services[name].pid).toBe(pid);

    await card.getByTestId("approve").click();
    const focused = page.locator("[data-testid=composer]:focus");
    await expect.poll(() => focused.count()).toBe(1);

    await page
      .locator('[data-testid="message"][data-from="ops-bot"]', {
        hasText: new RegExp(`提案.*已完成.*重启 ${name}`),
      })
      .waitFor({ timeout: 60_000 });
    expect(stack.services[name].pid).not.toBe(pid);
    expect(stack.services[name].restarts).toBe(0);
    expect(await page.getByTestId("decision").count()).toBe(0);
    await page.context().close();
  },
);
