import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { callTool, opsTools } from "../index.ts";
import { type FakeLoki, openFakeLoki } from "../testing/index.ts";
import { depsOf } from "../testing/ops-deps.ts";

const now = Date.parse("2026-11-26T12:00:00.000Z");
let loki: FakeLoki;
beforeAll(async () => {
  loki = await openFakeLoki();
});
afterAll(() => loki[Symbol.asyncDispose]());
beforeEach(() => {
  loki.intercept = undefined;
  loki.asked.length = 0;
  loki.lines = Array.from({ length: 5_000 }, (_, index) => ({
    // Three at a time have the same instant.
    atMs: now - 1_000 - Math.floor(index / 3) * 100,
    text: index % 1_000 === 0 ? `ERROR status=502 number ${index}` : `INFO number ${index}`,
    labels: { app: index % 2 === 0 ? "gateway" : "logic", pod: `pod-${index % 4}` },
  }));
});

function call(input: object, signal: AbortSignal = AbortSignal.timeout(30_000)) {
  const backend = { name: "Loki", url: loki.url, token: undefined, serviceLabel: "app" };
  const deps = depsOf({ loki: backend }, { nowMs: () => now });
  return callTool(deps, opsTools.get_logs, input, signal);
}

test("all pages of a service are read, and the query is told", async () => {
  const result = await call({ service: "网关", limit: 2 });
  if (result.outcome !== "ok") throw new Error(JSON.stringify(result));
  expect(result.data).toMatchObject({
    source: "loki",
    query: '{app="gateway"}',
    total: 2_500,
    complete: true,
  });
  expect(loki.asked.length).toBeGreaterThan(1);
  expect(result.data.shown.map(({ text }) => text)).toEqual([
    "INFO number 2",
    "ERROR status=502 number 0",
  ]);
});

test("a filter that Loki understands alike is left to it", async () => {
  const result = await call({ service: "gateway", include: "STATUS" });
  expect(loki.asked).toEqual(['{app="gateway"} |~ "(?i)STATUS"']);
  expect(result).toMatchObject({ outcome: "ok", data: { total: 5, linesInWindow: null } });
});

test.each(["连接失败", "api/v1"])(
  "%s is found in JSON that is written in escapes",
  async (include) => {
    const text = '{"level":"error","msg":"\\u8fde\\u63a5\\u5931\\u8d25 at api\\/v1"}';
    const plain = '{"level":"error","msg":"连接失败 at api/v1"}';
    const line = { atMs: now - 1_000, labels: { app: "gateway" } };
    loki.lines = [text, plain, "INFO other"].map((one) => ({ ...line, text: one }));

    const result = await call({ service: "gateway", include });

    expect(result).toMatchObject({ outcome: "ok", data: { total: 2 } });
  },
);

test("what Loki refuses is said in its words, without its address", async () => {
  loki.intercept = (_, response) => {
    response.writeHead(400, { "content-type": "text/plain" }).end("max entries limit exceeded");
    return true;
  };
  const result = await call({ service: "gateway" });
  expect(result).toMatchObject({ outcome: "error", cause: "bad_input", retryHelps: false });
  expect(JSON.stringify(result)).toContain("max entries limit exceeded");
  expect(JSON.stringify(result)).not.toContain(loki.url);
});

test("a Loki that hangs is left when the asker has had enough", async () => {
  loki.intercept = () => true;
  const enough = new AbortController();
  const asked = call({ service: "gateway" }, enough.signal);
  enough.abort(new Error("enough"));
  await expect(asked).rejects.toThrow("enough");
});

test("a Loki that is away is an error that a retry may heal", async () => {
  const nowhere = {
    name: "Loki",
    url: "http://127.0.0.1:1",
    token: undefined,
    serviceLabel: "app",
  };
  const deps = depsOf({ loki: nowhere });
  const signal = AbortSignal.timeout(30_000);
  const result = await callTool(deps, opsTools.get_logs, { service: "gateway" }, signal);
  expect(result).toMatchObject({ outcome: "error", cause: "unavailable", retryHelps: true });
});
