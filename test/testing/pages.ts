import { eventually, findBrowser } from "@resonance/testkit";
import { type Browser, chromium, type Page } from "playwright-core";

/** The browser of this machine, installed if there is none. To be closed. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await findBrowser({
    environment: process.env,
    notify: (line) => process.stderr.write(`${line}\n`),
    signal: AbortSignal.timeout(300_000),
  });
  return await chromium.launch({ executablePath });
}

/** The page as somebody with this language and window sees it, in a context of its own. */
export async function openPage(
  browser: Browser,
  url: string,
  options: { locale?: string; width?: number } = {},
): Promise<Page> {
  const context = await browser.newContext({
    locale: options.locale ?? "en-US",
    viewport: { width: options.width ?? 1280, height: 800 },
  });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

export async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByTestId("username").fill(username);
  await page.getByTestId("password").fill(password);
  await page.getByTestId("sign-in").click();
}

/** Makes an account with the password "a good password". */
export async function register(page: Page, username: string): Promise<void> {
  await page.getByTestId("register-toggle").click();
  await page.getByTestId("username").fill(username);
  await page.getByTestId("password").fill("a good password");
  await page.getByTestId("register-submit").click();
  await botSession(page, username).waitFor();
}

export function botSession(page: Page, username: string) {
  return page.getByTestId(`session-single:${[username, "ops-bot"].toSorted().join(":")}`);
}

export async function waitForOnline(page: Page): Promise<void> {
  const state = page.getByTestId("connection-state");
  await eventually(async () => (await state.getAttribute("data-state")) === "online", {
    timeoutMs: 15_000,
  });
}
