import { writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { redact } from "@resonance/redact";
import { leakIn } from "@resonance/redact/score/leaks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AnyTool, callTool, type OpsDeps, opsTools, toolText } from "./index.ts";
import {
  deploymentOf,
  depsOf,
  eventOf,
  type LocalStack,
  namespaceOf,
  openFakeLoki,
  openLocalStack,
  openTestCluster,
  podOf,
} from "./testing/index.ts";
import { acrossCut, plantedSecrets } from "./testing/planted-secrets.ts";

const signal = AbortSignal.timeout(600_000);
const stack = new AsyncDisposableStack();
const now = Date.now();
const at = new Date(now - 60_000).toISOString();
let local: LocalStack;
let logFile: string;
let answer: (response: ServerResponse, path: string) => void;
let backend: { readonly name: string; readonly url: string; readonly token: undefined };

beforeAll(async () => {
  local = stack.use(await openLocalStack());
  logFile = local.local.stackFile.replace("services.json", "gateway.log");
  const server = createServer((request, response) => answer(response, request.url ?? ""));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stack.defer(async () => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  backend = { name: "Backend", url: `http://127.0.0.1:${port}`, token: undefined };
});
afterAll(() => stack.disposeAsync());

const secrets = plantedSecrets();
const shares = [0.25, 0.5, 0.9];

/**
 * Every secret across the cuts, each in a call of its own, cut nearer to its beginning or its end
 * by turns: the kinds of which something comes out.
 */
async function leaked(
  cuts: readonly number[],
  call: (text: string) => Promise<string>,
  planted = secrets,
): Promise<string[]> {
  const kinds: string[] = [];
  let tried = 0;
  for (const [index, one] of planted.entries()) {
    for (const cut of cuts) {
      const text = acrossCut(one, cut, shares[index % shares.length] ?? 0);
      // What the redaction does not find in the whole is no matter of the cut.
      if (text === undefined || leak(redact(text).text, one)) continue;
      tried += 1;
      const found = leak(await call(text), one);
      if (found !== undefined) kinds.push(`${one.kind} at ${cut}: ${found}`);
    }
  }
  expect(tried).toBeGreaterThan(0.8 * planted.length * cuts.length);
  return kinds;
}

function leak(output: string, { secret, fragments }: (typeof secrets)[number]) {
  return leakIn(output, secret, fragments);
}

/** All that a caller gets to see of a result. */
async function seen(deps: OpsDeps, tool: AnyTool, input: object): Promise<string> {
  const result = await callTool(deps, tool, input, signal);
  return [toolText(tool, result), ...strings(result)].join("\n");
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...strings(item)]);
}

const alerting = (text: string) => (response: ServerResponse) =>
  response.end(
    JSON.stringify([
      { labels: { alertname: "Slow" }, annotations: { summary: text }, startsAt: at },
    ]),
  );

test("no secret comes out of the cut of an alert's summary", async () => {
  const deps = depsOf({ alertmanager: backend });
  const found = await leaked([500], (text) => {
    answer = alerting(text);
    return seen(deps, opsTools.get_alerts, {});
  });
  expect(found).toEqual([]);
}, 60_000);

test("nor of one as a diagnosis quotes it", async () => {
  const deps = depsOf({ alertmanager: backend }, { local: local.local });
  const found = await leaked([300, 500], (text) => {
    answer = alerting(text);
    return seen(deps, opsTools.diagnose, {});
  });
  expect(found).toEqual([]);
}, 60_000);

test("nor of an event's message, or that of a condition", async () => {
  await using cluster = await openTestCluster(undefined, signal);
  await cluster.create(namespaceOf("shop"));
  const deps = depsOf({ kubernetes: cluster.apiOf("admin", ["shop"]) });
  const { fake } = cluster;
  if (!fake) throw new Error("no real cluster was asked for");
  let told = "";
  fake.intercept = (request, response) => {
    const url = request.url ?? "";
    const condition = { type: "Progressing", status: "False", reason: "No", message: told };
    const items = url.includes("/events")
      ? [eventOf("e", { reason: "Failed", object: "gateway-1", message: told })]
      : url.includes("/deployments")
        ? [deploymentOf("gateway", { status: { conditions: [condition] } })]
        : undefined;
    if (items) response.end(JSON.stringify({ metadata: {}, items }));
    return items !== undefined;
  };
  const events = await leaked([500], (text) => {
    told = text;
    return seen(deps, opsTools.list_events, {});
  });
  const conditions = await leaked([300], (text) => {
    told = text;
    return seen(deps, opsTools.describe, { service: "gateway" });
  });
  expect(await seen(deps, opsTools.describe, { service: "gateway" })).toContain("Progressing");
  expect([...events, ...conditions]).toEqual([]);
}, 60_000);

test("nor of the sentence with which a back end refuses, in JSON or as it is", async () => {
  const deps = depsOf({ prometheus: backend });
  const ask = () => seen(deps, opsTools.get_metrics, { query: "up" });
  const inJson = await leaked([300], (text) => {
    answer = (response) => response.writeHead(422).end(JSON.stringify({ error: text }));
    return ask();
  });
  const plain = await leaked([300], (text) => {
    answer = (response) => response.writeHead(400).end(text);
    return ask();
  });
  expect([...inJson, ...plain]).toEqual([]);
}, 60_000);

test("nor of what Kubernetes says with a refusal", async () => {
  await using cluster = await openTestCluster(undefined, signal);
  const { fake } = cluster;
  if (!fake) throw new Error("no real cluster was asked for");
  const deps = depsOf({ kubernetes: cluster.apiOf("admin", ["shop"]) });
  const found = await leaked([300], (message) => {
    fake.intercept = (_, response) => {
      response.writeHead(403).end(JSON.stringify({ kind: "Status", message }));
      return true;
    };
    return seen(deps, opsTools.list_pods, {});
  });
  expect(found).toEqual([]);
}, 60_000);

test("nor of a metric's label or help", async () => {
  const deps = depsOf({ prometheus: backend });
  const labels = await leaked([120], (text) => {
    const series = { metric: { __name__: "up", note: text }, values: [[now / 1_000, "1"]] };
    answer = (response) =>
      response.end(JSON.stringify({ data: { resultType: "matrix", result: [series] } }));
    return seen(deps, opsTools.get_metrics, { query: "up" });
  });
  const help = await leaked([120], (text) => {
    answer = (response, path) =>
      response.end(
        JSON.stringify({
          data: path.includes("metadata") ? { up: [{ type: "gauge", help: text }] } : ["up"],
        }),
      );
    return seen(deps, opsTools.list_metrics, {});
  });
  expect([...labels, ...help]).toEqual([]);
}, 60_000);

const jsonLine = (msg: string) =>
  JSON.stringify({ level: "error", time: at, service: "gateway", pid: 1, msg });

const modes = { lines: [980, 1_980], patterns: [290, 580], count: [980] } as const;

test.each(Object.entries(modes))(
  "nor of a line of a log file in mode %s",
  async (mode, cuts) => {
    const deps = depsOf({}, { local: local.local });
    const found = await leaked(cuts, async (text) => {
      await writeFile(logFile, `${jsonLine(text)}\n`);
      return await seen(deps, opsTools.get_logs, { service: "gateway", mode });
    });
    expect(found).toEqual([]);
  },
  240_000,
);

test("nor of a line that a diagnosis of a log file quotes", async () => {
  const deps = depsOf({}, { local: local.local });
  const found = await leaked([290], async (text) => {
    await writeFile(logFile, `${jsonLine(text)}\n`);
    return await seen(deps, opsTools.diagnose, { service: "gateway" });
  });
  expect(found).toEqual([]);
}, 60_000);

const oneLine = (text: string) => `ERROR ${text.trimEnd().replaceAll("\n", "\\n")}`;

test.each(Object.entries(modes))(
  "nor of a pod's line in mode %s",
  async (mode, cuts) => {
    await using cluster = await openTestCluster(undefined, signal);
    await cluster.create(namespaceOf("shop"));
    await cluster.create(podOf("gateway-1"));
    const deps = depsOf({ kubernetes: cluster.apiOf("admin", ["shop"]) });
    const where = { namespace: "shop", pod: "gateway-1", container: "main" };
    const found = await leaked(cuts, (text) => {
      cluster.logs.set(where, [{ at, text: oneLine(text) }]);
      return seen(deps, opsTools.get_logs, { service: "gateway-1", mode });
    });
    expect(found).toEqual([]);
  },
  240_000,
);

test.each(Object.entries(modes))(
  "nor of a line of Loki in mode %s",
  async (mode, cuts) => {
    await using loki = await openFakeLoki();
    const deps = depsOf({ loki: { ...backend, url: loki.url, serviceLabel: "app" } });
    const found = await leaked(cuts, (text) => {
      loki.lines = [{ atMs: now - 60_000, text: oneLine(text), labels: { app: "gateway" } }];
      return seen(deps, opsTools.get_logs, { service: "gateway", mode });
    });
    expect(found).toEqual([]);
  },
  240_000,
);

test("nor of the end of a line that is too long to be read, where a mark is all that is before it", async () => {
  await using cluster = await openTestCluster(undefined, signal);
  await cluster.create(namespaceOf("shop"));
  await cluster.create(podOf("gateway-1"));
  const where = { namespace: "shop", pod: "gateway-1", container: "main" };
  const pods = depsOf({ kubernetes: cluster.apiOf("admin", ["shop"]) });
  const file = depsOf({}, { local: local.local });
  const head = `${at} ERROR token=${"q7Zx2Kp9".repeat(8_150)} `;
  const some = secrets.filter(({ kind }) => /driver|telegram|nats|pem_one_line|jwt$/.test(kind));
  const read = async (text: string) => {
    const line = `${head}${oneLine(text.slice(head.length + "ERROR ".length))}`;
    await writeFile(logFile, `${line}\n`);
    cluster.logs.set(where, [{ at, text: line.replace(`${at} `, "") }]);
    const input = { service: "gateway-1", mode: "lines" };
    return `${await seen(file, opsTools.get_logs, { ...input, service: "gateway" })}\n${await seen(pods, opsTools.get_logs, input)}`;
  };
  expect(await leaked([65_536], read, some)).toEqual([]);
}, 60_000);
