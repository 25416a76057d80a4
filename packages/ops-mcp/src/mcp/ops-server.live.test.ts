import type { ServerResponse } from "node:http";
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { eventually } from "@resonance/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import type { OpsDeps } from "../deps.ts";
import { depsOf, eventOf, namespaceOf, openAnswering, openTestCluster } from "../testing/index.ts";
import { maxTokens, tokensIn } from "./fit-text.ts";
import { createOpsServer } from "./ops-server.ts";
import { connectTo, serveHttp } from "./testing/served.ts";

let stack: AsyncDisposableStack;
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

async function clientOf(deps: OpsDeps, turns = { running: 0, max: 8 }): Promise<Client> {
  const server = createOpsServer({ deps, turns });
  const client = new Client({ name: "test", version: "1" }, { capabilities: {} });
  const [one, other] = InMemoryTransport.createLinkedPair();
  await server.connect(one);
  await client.connect(other);
  stack.defer(() => client.close());
  return client;
}

/** Prometheus as a firewall leaves it: it takes requests and answers none until it is told to. */
async function openSilence() {
  const waiting = new Set<ServerResponse>();
  const { url } = stack.use(
    await openAnswering("Prometheus", (_, response) => void waiting.add(response)),
  );
  return { url, waiting };
}

const query = { name: "get_metrics", arguments: { query: "up" } };

const listed = z.object({
  data: z.object({
    groups: z.number(),
    omitted: z.number(),
    cursor: z.string().nullable(),
    shown: z.array(z.object({ reason: z.string() })),
  }),
});

test("a page of long rows is given within the limit, text and JSON alike, and nothing is lost", async () => {
  const signal = AbortSignal.timeout(60_000);
  const cluster = stack.use(await openTestCluster(undefined, signal));
  await cluster.create(namespaceOf("shop"));
  const reasons = Array.from(
    { length: 60 },
    (_, index) => `Reason${String(index).padStart(2, "0")}`,
  );
  for (const [index, reason] of reasons.entries()) {
    const at = new Date(Date.now() - 1_000 * (index + 1)).toISOString();
    const message = `${reason} ${"could not do what it was asked to ".repeat(20)}`;
    await cluster.create(eventOf(`e${index}`, { reason, message, at, object: `pod-${index}` }));
  }
  const client = await clientOf(depsOf({ kubernetes: cluster.apiOf("admin", ["shop"]) }));
  const seen: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const input = { limit: 50, ...(cursor === undefined ? {} : { cursor }) };
    const result = await client.callTool({ name: "list_events", arguments: input });

    const { data } = listed.parse(result.structuredContent);
    const [content] = result.content;
    const text = content?.type === "text" ? content.text : "";
    expect(tokensIn(text) + tokensIn(JSON.stringify(result.structuredContent))).toBeLessThanOrEqual(
      maxTokens,
    );
    const shown = data.shown.map(({ reason }) => reason);
    expect([...text.matchAll(/^1x (\w+)/gm)].map(([, reason]) => reason)).toEqual(shown);
    expect(text).toContain(`shown ${shown.length} groups, left out ${data.omitted}`);
    seen.push(...shown);
    expect(data.omitted).toBe(60 - seen.length);
    cursor = data.cursor;
  }
  expect(seen).toEqual(reasons);
});

test("what has no pages and is too long comes as text alone, and says what is missing", async () => {
  const unknown = Array.from({ length: 900 }, (_, index) => `number ${index} cannot be read now`);
  const readSystemStatus = async () => ({ ...noStatus, unknown });
  const client = await clientOf(depsOf({}, { readSystemStatus }));

  const result = await client.callTool({ name: "im_status", arguments: {} });

  expect(result.structuredContent).toBeUndefined();
  expect(tokensIn(JSON.stringify(result.content))).toBeLessThanOrEqual(maxTokens);
});

const noStatus = {
  presence: null,
  messagesLastMinute: null,
  outbox: null,
  deadLetters: null,
  database: null,
  stream: null,
  botRuns: null,
};

test("eight calls run at a time; the ninth is told so, and the next may come again", async () => {
  const silence = await openSilence();
  const served = stack.use(await serveHttp({ RESONANCE_PROMETHEUS_URL: silence.url }));
  const client = await connectTo(served);
  stack.defer(() => client.close());
  const running = Array.from({ length: 8 }, () => client.callTool(query));
  await eventually(() => silence.waiting.size === 8);

  const ninth = await client.callTool(query);

  expect(ninth).toMatchObject({
    isError: true,
    content: [{ text: "8 calls are running already. A retry may help." }],
  });
  const nothing = { status: "success", data: { resultType: "matrix", result: [] } };
  for (const response of silence.waiting) response.end(JSON.stringify(nothing));
  for (const result of await Promise.all(running)) expect(result.isError).toBeUndefined();
  const tenth = client.callTool(query);
  await eventually(() => silence.waiting.size === 9);
  for (const response of silence.waiting) response.end(JSON.stringify(nothing));
  expect((await tenth).isError).toBeUndefined();
});

test("a call ends after 60 s with a sentence, and its turn is free again", async () => {
  const minute = new AbortController();
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  const asked = vi
    .spyOn(AbortSignal, "timeout")
    .mockImplementation((ms) => (ms === 60_000 ? minute.signal : timeout(ms)));
  stack.defer(() => asked.mockRestore());
  const turns = { running: 0, max: 8 };
  const readSystemStatus: OpsDeps["readSystemStatus"] = (signal) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const client = await clientOf(depsOf({}, { readSystemStatus }), turns);
  const hanging = client.callTool({ name: "im_status", arguments: {} });
  await eventually(() => turns.running === 1);

  minute.abort(new DOMException("a minute is over", "TimeoutError"));

  expect(await hanging).toMatchObject({
    isError: true,
    content: [{ text: "im_status took longer than 60000 ms. A narrower call may help." }],
  });
  expect(turns.running).toBe(0);
});
