import { mkdtemp, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import {
  callTool,
  type ModelRequest,
  openScriptedModel,
  type ScriptedModel,
  say,
} from "@resonance/scripted-model";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openPerson } from "./testing/open-person.ts";
import { openTestStack, type TestStack } from "./testing/open-test-stack.ts";

// Each starts processes that read much code, and others may be at work on the machine.
vi.setConfig({ testTimeout: 90_000 });

const command = join(import.meta.dirname, "../packages/ops-mcp/bin/resonance-ops-mcp.js");
const everything = createRequire(import.meta.url).resolve(
  "@modelcontextprotocol/server-everything/dist/index.js",
);
const echo = "everything__echo";

let stack: TestStack;
let model: ScriptedModel;

beforeAll(async () => {
  model = await openScriptedModel(reply);
  const folder = await mkdtemp(join(tmpdir(), "resonance-mcp-"));
  const config = join(folder, "mcp.json");
  const server = { command: process.execPath, args: [everything], tools: { echo: "read" } };
  await writeFile(config, JSON.stringify({ mcpServers: { everything: server } }));
  stack = await openTestStack({
    RESONANCE_MCP_CONFIG: config,
    RESONANCE_BRAIN: "openai-compatible",
    RESONANCE_MODEL: "scripted",
    RESONANCE_MODEL_URL: model.url,
  });
}, 120_000);
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await model?.[Symbol.asyncDispose]();
});

/** Calls echo where it is offered, and says what came of it. */
function reply(request: ModelRequest) {
  // Of this question: the results of earlier ones stand before it.
  const last = request.entries.at(-1);
  if (last?.kind === "tool_result") return say(`the server says: ${last.text}`);
  const isOffered = request.tools.some(({ name }) => name === echo);
  return isOffered ? callTool(echo, { message: "from afar" }) : say("there is no echo");
}

test("another agent looks at the running system through our MCP server", async () => {
  const client = new Client({ name: "another agent", version: "1" }, { capabilities: {} });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [command],
      env: { RESONANCE_HOME: stack.home },
      stderr: "ignore",
    }),
  );
  try {
    const services = await client.callTool({ name: "list_services", arguments: {} });
    expect(services.structuredContent).toMatchObject({ outcome: "ok" });
    expect(JSON.stringify(services.content)).toMatch(/logic · service · running/);

    const status = await client.callTool({ name: "im_status", arguments: {} });
    expect(status).not.toMatchObject({ isError: true });
    expect(status.structuredContent).toMatchObject({ outcome: "ok" });

    const sent = { panel: "messages", since: "5m" };
    const metrics = await client.callTool({ name: "get_metrics", arguments: sent });
    expect(metrics.content).toMatchObject([{ text: expect.stringMatching(/total \d+/) }]);
  } finally {
    await client.close();
  }
});

test("a model of ops-bot uses a tool of another MCP server", async () => {
  await using alice = await openPerson(stack.url, { username: "alice" });

  await eventually(
    async () => {
      const { answer } = await alice.ask("what does the other server say?");
      expect(answer.content).toContain("Echo: from afar");
    },
    { timeoutMs: 25_000 },
  );
});
