import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OpsDeps } from "./deps.ts";
import { type AnyTool, callTool, opsTools, type ToolName, toolDefinitions } from "./index.ts";
import {
  depsOf,
  eventOf,
  namespaceOf,
  openAnswering,
  openFakeLoki,
  openLocalStack,
  openTestCluster,
  podOf,
} from "./testing/index.ts";

const signal = AbortSignal.timeout(120_000);
const now = Date.now();
const apiserver = process.env.TEST_KUBE_APISERVER || undefined;
let stack: AsyncDisposableStack;
beforeAll(() => {
  stack = new AsyncDisposableStack();
});
afterAll(() => stack.disposeAsync());

/** Calls until there is no cursor any more; gives what each page showed. */
async function pagesOf(
  deps: OpsDeps,
  name: ToolName,
  input: object,
  between: () => Promise<void> = async () => undefined,
): Promise<string[][]> {
  const tool: AnyTool = opsTools[name];
  const pages: string[][] = [];
  for (let cursor: string | null | undefined; cursor !== null; await between()) {
    const result = await callTool(deps, tool, { ...input, cursor }, signal);
    if (result.outcome !== "ok") throw new Error(JSON.stringify(result));
    // Every tool with a cursor has pages of this shape.
    const page = result.data as { shown: Record<string, string>[]; cursor: string | null };
    pages.push(page.shown.map((row) => row.text ?? row.reason ?? row.name ?? ""));
    cursor = page.cursor;
  }
  return pages;
}

function named(what: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${what}${String(index).padStart(3, "0")}`);
}

const sizes = (pages: readonly string[][]) => pages.map(({ length }) => length);

test("the pages of a log file hold each line once, though lines are written meanwhile", async () => {
  const own = stack.use(await openLocalStack());
  const wanted = named("number ", 230);
  await own.writeLog(
    "gateway",
    wanted.flatMap((text, index) => [
      [240 - index, "info", text] as const,
      [240 - index, "debug", `beside ${text}`] as const,
    ]),
  );
  const deps = depsOf({}, { local: own.local, nowMs: Date.now });
  const writeMore = () => {
    const time = new Date().toISOString();
    const line = JSON.stringify({ level: "info", time, service: "gateway", msg: "written later" });
    return appendFile(join(own.local.stackFile, "../gateway.log"), `${line}\n`);
  };

  const input = { service: "gateway", level: "info", limit: 100 };
  const pages = await pagesOf(deps, "get_logs", input, writeMore);

  expect(sizes(pages)).toEqual([100, 100, 30]);
  const texts = pages.toReversed().flat();
  expect(texts.map((text) => text.replace(/^.* INFO /, ""))).toEqual(wanted);
});

test("the pages of what Loki holds have each line once, also of one instant and alike", async () => {
  const loki = stack.use(await openFakeLoki());
  // 2,000 lines are a page of Loki's own; its border falls between two pods that write alike.
  loki.lines = Array.from({ length: 2_500 }, (_, index) => ({
    atMs: now - 1_000 - Math.floor((index + 1) / 4) * 100,
    text: `${index % 2 === 0 ? "INFO" : "ERROR"} number ${Math.floor((index + 1) / 4)}`,
    labels: { app: "gateway", pod: `pod-${index % 4}` },
  }));
  const backend = { name: "Loki", url: loki.url, token: undefined, serviceLabel: "app" };
  const deps = depsOf({ loki: backend });

  const pages = await pagesOf(deps, "get_logs", { service: "gateway", limit: 500 });

  expect(sizes(pages)).toEqual([500, 500, 500, 500, 500]);
  const counts = (texts: readonly string[]) =>
    Object.fromEntries(
      Object.entries(Object.groupBy(texts, (text) => text)).map(([text, all]) => [
        text,
        all?.length,
      ]),
    );
  expect(counts(pages.flat())).toEqual(counts(loki.lines.map(({ text }) => text)));
});

test("more lines of one instant than Loki gives at once are marked incomplete", async () => {
  const loki = stack.use(await openFakeLoki());
  loki.lines = Array.from({ length: 2_001 }, (_, index) => ({
    atMs: now - 1_000,
    text: `INFO number ${index}`,
    labels: { app: "gateway" },
  }));
  const backend = { name: "Loki", url: loki.url, token: undefined, serviceLabel: "app" };
  const input = { service: "gateway" };

  const result = await callTool(depsOf({ loki: backend }), opsTools.get_logs, input, signal);

  expect(result).toMatchObject({
    outcome: "ok",
    data: { total: 2_000, complete: false, incompleteBecause: "source_limit" },
  });
});

test("the pages of pods and of events have each once, fifty at most", async () => {
  const cluster = stack.use(await openTestCluster(apiserver, signal));
  await cluster.create(namespaceOf("shop"));
  const pods = named("pod-", 120);
  const reasons = named("Reason", 120);
  for (const name of pods) await cluster.create(podOf(name));
  for (const [index, reason] of reasons.entries()) {
    const at = new Date(now - 1_000 * index).toISOString();
    await cluster.create(eventOf(`e${index}`, { reason, object: "pod-000", at }));
  }
  const deps = depsOf({ kubernetes: cluster.apiOf("admin", ["shop"]) });

  const podPages = await pagesOf(deps, "list_pods", {});
  const eventPages = await pagesOf(deps, "list_events", { limit: 50 });

  expect(sizes(podPages)).toEqual([50, 50, 20]);
  expect(podPages.flat()).toEqual(pods);
  expect(sizes(eventPages)).toEqual([50, 50, 20]);
  expect(eventPages.flat()).toEqual(reasons);
});

test("the pages of alerts and of names of metrics have each once", async () => {
  const names = named("resonance_metric_", 120);
  const alerts = names.map((alertname) => ({ labels: { alertname }, state: "firing" }));
  const answers: Readonly<Record<string, unknown>> = {
    "/api/v1/alerts": { alerts },
    "/api/v1/label/__name__/values": names,
    "/api/v1/metadata": {},
  };
  const prometheus = stack.use(
    await openAnswering("Prometheus", (request, response) => {
      const data = answers[(request.url ?? "").replace(/\?.*/, "")];
      response.end(JSON.stringify({ data }));
    }),
  );
  const deps = depsOf({ prometheus });

  const alertPages = await pagesOf(deps, "get_alerts", { limit: 50 });
  const metricPages = await pagesOf(deps, "list_metrics", {});

  expect(sizes(alertPages)).toEqual([50, 50, 20]);
  expect(alertPages.flat().toSorted()).toEqual(names);
  expect(sizes(metricPages)).toEqual([50, 50, 20]);
  expect(metricPages.flat()).toEqual(names);
});

const mostRows: Readonly<Record<string, number>> = {
  list_pods: 50,
  get_logs: 500,
  list_metrics: 200,
  list_events: 50,
  get_alerts: 50,
};

const withLimit = toolDefinitions().filter(({ inputSchema }) =>
  Object.hasOwn(inputSchema.properties ?? {}, "limit"),
);

test.each(withLimit)("$name refuses a limit that is none or beyond its own", async ({ name }) => {
  const tool: AnyTool = opsTools[name as ToolName];
  const most = mostRows[name] ?? 0;
  const needed = name === "get_logs" ? { service: "gateway" } : {};
  const causeOf = async (limit: number) => {
    const result = await callTool(depsOf({}), tool, { ...needed, limit }, signal);
    return result.outcome === "error" ? `${result.cause}: ${result.message}` : result.outcome;
  };

  for (const limit of [0, most + 1, 501, 1.5]) {
    expect(await causeOf(limit)).toMatch(/^bad_input: limit: /);
  }
  expect(await causeOf(most)).toMatch(/^not_configured: /);
});

test("there are tools with a limit, and those are all of them", () => {
  expect(withLimit.map(({ name }) => name)).toEqual(Object.keys(mostRows));
});
