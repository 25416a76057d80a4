import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openTestGateway } from "./testing/open-test-gateway.ts";

async function openWebRoot(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "resonance-web-"));
  await mkdir(join(path, "assets"));
  await writeFile(join(path, "index.html"), "<p>the page</p>");
  await writeFile(join(path, "assets", "app-BKx2.js"), "console.log(1)");
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test("the page is never cached, its hashed files for ever", async () => {
  await using root = await openWebRoot();
  await using gateway = await openTestGateway({ environment: { RESONANCE_WEB_ROOT: root.path } });
  for (const path of ["/", "/index.html", "/some/place"]) {
    const page = await fetch(`${gateway.url}${path}`);
    expect(await page.text()).toBe("<p>the page</p>");
    expect(page.headers.get("cache-control")).toBe("no-cache");
  }
  const asset = await fetch(`${gateway.url}/assets/app-BKx2.js`);
  expect(asset.headers.get("cache-control")).toContain("immutable");
  expect(asset.headers.get("content-type")).toContain("javascript");
  const missing = await fetch(`${gateway.url}/assets/app-old.js`);
  expect(missing.status).toBe(404);
});

test("the page may talk to its own host only, and may not be framed", async () => {
  await using root = await openWebRoot();
  await using gateway = await openTestGateway({ environment: { RESONANCE_WEB_ROOT: root.path } });
  const { headers } = await fetch(gateway.url);
  const policy = headers.get("content-security-policy");
  expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${gateway.httpPort} `);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
});

test.each([
  ["/../../../../etc/passwd", {}],
  ["/%2e%2e/%2e%2e/etc/passwd", {}],
  ["/assets/app-BKx2.js", { range: "bytes=9-2" }],
  ["/%00", {}],
  ["/%zz", {}],
])("%s with %j harms nothing", async (path, headers) => {
  await using root = await openWebRoot();
  await using gateway = await openTestGateway({ environment: { RESONANCE_WEB_ROOT: root.path } });
  const response = await fetch(`${gateway.url}${path}`, { headers });
  expect(await response.text()).not.toContain("root:");
  expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
});

test("without a folder a plain page says so", async () => {
  await using gateway = await openTestGateway();
  const page = await fetch(gateway.url);
  expect([page.status, await page.text()]).toEqual([
    200,
    "This gateway serves no web page: RESONANCE_WEB_ROOT is not set.\n",
  ]);
  expect((await fetch(`${gateway.url}/favicon.ico`)).status).toBe(404);
});

test("a folder without a page stops the start", async () => {
  const opening = openTestGateway({ environment: { RESONANCE_WEB_ROOT: "/nowhere" } });
  await expect(opening).rejects.toThrow("RESONANCE_WEB_ROOT: there is no index.html in /nowhere");
});

test("health and readiness are told apart from pages", async () => {
  await using gateway = await openTestGateway();
  expect(await (await fetch(`${gateway.url}/health`)).json()).toEqual({ status: "ok" });
  expect(await (await fetch(`${gateway.url}/ready`)).json()).toEqual({ status: "ready" });
  expect((await fetch(`${gateway.url}/ws`)).status).toBe(426);
  expect((await fetch(gateway.url, { method: "PUT" })).status).toBe(405);
});
