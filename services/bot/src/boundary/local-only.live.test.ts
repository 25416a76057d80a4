import { once } from "node:events";
import { mkdtempDisposableSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callTool, callTools, openScriptedModel, say } from "@resonance/scripted-model";
import { eventually, freePort } from "@resonance/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { BotGround } from "../testing/bot-ground.ts";
import type { FakeLogic } from "../testing/fake-logic.ts";
import { watchConnections } from "../testing/watch-connections.ts";
import { openTroubledHttp, type TroubledHttp } from "../tools/mcp/testing/troubled-http.ts";

let ground: BotGround;
let logic: FakeLogic;
let stack: AsyncDisposableStack;

beforeAll(async () => {
  ground = await BotGround.open();
});
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  await ground.reset();
  logic = await ground.openLogic();
});
afterEach(() => stack.disposeAsync());
afterAll(() => ground[Symbol.asyncDispose]());

const placeOf = ({ url }: { readonly url: string }) => new URL(url).host;

async function openLookingServer(): Promise<TroubledHttp> {
  const inputSchema = { type: "object", properties: {} };
  const tools = JSON.stringify([{ name: "look", description: "looks", inputSchema }]);
  const options = { port: await freePort(), form: "json", tools: () => tools } as const;
  return stack.use(await openTroubledHttp(options));
}

/** One server of others in the house and one outside, as an operator configures them. */
async function openServers() {
  const [near, far] = [await openLookingServer(), await openLookingServer()];
  const folder = stack.use(mkdtempDisposableSync(join(tmpdir(), "local-only-")));
  const [config, pins] = [join(folder.path, "mcp.json"), join(folder.path, "pins.json")];
  const tools = { look: "read" };
  const mcpServers = {
    near: { url: near.url, tools },
    far: { url: far.url, tools, reach: "cloud" },
  };
  writeFileSync(config, JSON.stringify({ mcpServers }));
  return {
    near,
    far,
    environment: { RESONANCE_MCP_CONFIG: config, RESONANCE_MCP_PINS: pins },
    accepted: () => Object.keys(JSON.parse(readFileSync(pins, "utf8")).servers).toSorted(),
  };
}

async function ask(text: string): Promise<string | undefined> {
  const msgId = await ground.ask(text);
  const answered = () => expect(logic.answerTo(msgId)).toBeDefined();
  await eventually(answered, { timeoutMs: 20_000 });
  return logic.answerTo(msgId);
}

test("a session that stays in the house reaches its own endpoint and nothing outside", async () => {
  const outside = stack.use(
    await openScriptedModel((_request, before) =>
      before === 0 ? callTool("far__look", {}) : say("outside"),
    ),
  );
  const calls = ["im_status", "list_services", "near__look", "far__look"];
  const inside = stack.use(
    await openScriptedModel((_request, before) =>
      before === 0 ? callTools(...calls.map((name) => ({ name, input: {} }))) : say("inside"),
    ),
  );
  const { near, far, environment, accepted } = await openServers();
  await ground.openBot(undefined, {
    ...environment,
    RESONANCE_BUILT_IN_POLICY: "local",
    RESONANCE_BRAIN: "openai-compatible",
    RESONANCE_MODEL: "scripted-1",
    RESONANCE_MODEL_URL: outside.url,
    RESONANCE_MODEL_REACH: "cloud",
    RESONANCE_FALLBACK_BRAIN: "openai-compatible",
    RESONANCE_FALLBACK_MODEL: "scripted-2",
    RESONANCE_FALLBACK_MODEL_URL: inside.url,
  });
  await eventually(() => expect(accepted()).toEqual(["far", "near"]));
  // What is outside is there, and is used by who may.
  expect(await ask("how is the gateway?")).toBe("outside");
  expect(far.called).toEqual(["look"]);
  const connections = outside.connections();
  await ground.db.execute(
    "INSERT INTO t_bot_data_policy (session_id, policy, set_by) VALUES (?, 'local', 'alice')",
    ["single:alice:ops-bot"],
  );
  using watched = watchConnections();

  expect(await ask("and the database?")).toBe("inside");

  expect(outside.connections()).toBe(connections);
  expect(outside.requests).toHaveLength(2);
  expect(near.called).toEqual(["look"]);
  expect(far.called).toEqual(["look"]);
  const [first, second] = inside.requests;
  const offered = first?.tools.map(({ name }) => name);
  expect(offered).toContain("near__look");
  expect(offered).not.toContain("far__look");
  const results = second?.entries.filter(({ kind }) => kind === "tool_result");
  expect(results).toHaveLength(calls.length);
  expect(results?.at(-1)).toMatchObject({ text: expect.stringMatching(/no tool "far__look"/) });
  const house = [...ground.addresses, placeOf(inside), placeOf(near)];
  expect(watched.tried()).toContain(placeOf(inside));
  expect(watched.tried().filter((place) => !house.includes(place))).toEqual([]);
});

test("a connection that is refused, or that is over, is seen, and so is a name", async () => {
  const port = await freePort();
  using watched = watchConnections();

  const refused = connect({ host: "localhost", port, family: 4 });
  await expect(once(refused, "connect")).rejects.toThrow("ECONNREFUSED");

  expect(watched.tried()).toEqual(["localhost", `127.0.0.1:${port}`]);
});
