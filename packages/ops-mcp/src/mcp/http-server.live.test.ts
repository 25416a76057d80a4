import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { eventually } from "@resonance/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeHome } from "./testing/home.ts";
import { connectTo, type Served, serveHttp, token } from "./testing/served.ts";

let served: Served;
beforeEach(async () => {
  const RESONANCE_HOME = await makeHome(["cannot reach logic, password=hunter2hunter2", "again"]);
  served = await serveHttp({ RESONANCE_HOME });
});
afterEach(() => served[Symbol.asyncDispose]());

/** Sends what no client library would, and returns the status. */
function send(headers: Record<string, string>, body = "{}", path = "/mcp"): Promise<number> {
  const { hostname, port } = new URL(served.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const bearer = {
  authorization: `Bearer ${token}`,
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};

test.each(["legacy", "auto"] as const)(
  "a client of the %s protocol lists and calls",
  async (mode) => {
    const client = await connectTo(served, mode);
    try {
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toContain("get_logs");
      expect(tools.map(({ name }) => name)).not.toContain("restart_service");
      expect(tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)).toEqual([]);

      const services = await client.callTool({ name: "list_services", arguments: {} });
      expect(services.structuredContent).toMatchObject({ outcome: "ok" });
      const logs = await client.callTool({ name: "get_logs", arguments: { service: "gateway" } });
      expect(logs.content).toMatchObject([{ text: expect.stringContaining("cannot reach logic") }]);
      expect(JSON.stringify(logs)).not.toContain("hunter2");
    } finally {
      await client.close();
    }
  },
);

test("what cannot be done is said in words", async () => {
  const client = await connectTo(served);
  try {
    const unknown = await client.callTool({
      name: "get_logs",
      arguments: { service: "warehouse" },
    });
    expect(unknown).toMatchObject({ isError: true });
    const invalid = await client.callTool({ name: "get_logs", arguments: { service: 7 } });
    expect(invalid).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("bad_input") }],
    });
    const restart = await client.callTool({
      name: "restart_service",
      arguments: { service: "gateway", reason: "why not" },
    });
    expect(restart).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("Ask ops-bot in the chat") }],
    });
    const absent = client.callTool({ name: "delete_all", arguments: {} });
    await expect(absent).rejects.toThrow("there is no tool delete_all");
  } finally {
    await client.close();
  }
});

test("nobody gets in without the token", async () => {
  expect(await send({ ...bearer, authorization: "" })).toBe(401);
  expect(
    await send({ ...bearer, authorization: "Bearer another-token-of-the-same-length-01234" }),
  ).toBe(401);
  expect(await send({ ...bearer, authorization: `Basic ${token}` })).toBe(401);
});

test("a token that a full disk left empty lets nobody in without one", async () => {
  const RESONANCE_HOME = await makeHome(["a line"]);
  await mkdir(join(RESONANCE_HOME, "secrets"));
  await writeFile(join(RESONANCE_HOME, "secrets", "mcp-token"), "\n");

  const starting = serveHttp({ RESONANCE_HOME, RESONANCE_MCP_TOKEN: "" });

  await expect(starting).rejects.toThrow("mcp-token: must have at least 32 bytes");
});

test("a log level that is none is said like any other bad value", async () => {
  const starting = serveHttp({ RESONANCE_LOG_LEVEL: "loud" });

  await expect(starting).rejects.toThrow("RESONANCE_LOG_LEVEL: must be trace, debug,");
});

test("a page of elsewhere does not get in by a name of its own", async () => {
  expect(await send({ ...bearer, host: "evil.example" })).toBe(403);
  expect(await send({ ...bearer, origin: "https://evil.example" })).toBe(403);
  expect(await send({ ...bearer, origin: "null" })).toBe(403);
});

test("a request that is too large, is not JSON or goes elsewhere is refused", async () => {
  expect(await send(bearer, JSON.stringify({ x: "x".repeat(400_000) }))).toBe(413);
  expect(await send({ ...bearer, "content-type": "text/plain" })).toBe(415);
  expect(await send(bearer, "{ broken")).toBe(400);
  expect(await send(bearer, "{}", "/other")).toBe(404);
});

test("of many requests at once, those over the limit are told to come again", async () => {
  const { hostname, port } = new URL(served.url);
  const unfinished = Array.from({ length: 64 }, () => {
    const headers = { ...bearer, "content-length": "9" };
    const sent = request({ hostname, port, path: "/mcp", method: "POST", headers });
    sent.on("error", () => sent.destroy());
    sent.flushHeaders();
    return sent;
  });
  await eventually(async () => expect(await send(bearer)).toBe(503));

  for (const sent of unfinished) sent.destroy();

  await eventually(async () => expect(await send(bearer, "{ broken")).toBe(400));
});

test("beyond this machine it wants to know its names", async () => {
  const beyond = serveHttp({ RESONANCE_MCP_LISTEN: "0.0.0.0:0" });

  await expect(beyond).rejects.toThrow("RESONANCE_MCP_ALLOWED_HOSTS is missing");
});
