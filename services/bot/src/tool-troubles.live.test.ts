import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  callTool,
  type ModelRequest,
  openScriptedModel,
  type Reply,
  type ScriptedModel,
  say,
} from "@resonance/scripted-model";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { botSessionOf, RealLogicGround } from "./testing/real-logic-ground.ts";
import { newFolder } from "./tools/mcp/testing/server-config.ts";

// What a tool of another MCP server can do to a run, from the stored question to the stored answer:
// a real Logic, NATS and database, the bot as its environment configures it, the real SDK before a
// scripted model, and servers that are processes.

const troubled = join(import.meta.dirname, "tools/mcp/testing/troubled-server.ts");
const mcpServers = {
  usual: serverWith(["huge", "crash", "pid"]),
  hasty: serverWith(["hang"], { timeoutMs: 500 }),
};
const tools = ["usual__huge", "usual__crash", "usual__pid", "hasty__hang"];

/** What the model does for a question, given what tools gave it since that was asked. */
type Script = (results: readonly string[], request: ModelRequest) => Reply | Promise<Reply>;

const stack = new AsyncDisposableStack();
const scripts = new Map<string, Script>();
let model: ScriptedModel;
let ground: RealLogicGround;

beforeAll(async () => {
  model = stack.use(await openScriptedModel(replyTo));
  const folder = newFolder();
  writeFileSync(join(folder, "mcp.json"), JSON.stringify({ mcpServers }));
  const policy = "version: 1\nread: [{ role: user, tools: ['*'] }]\n";
  writeFileSync(join(folder, "policy.yaml"), policy);
  ground = stack.use(
    await RealLogicGround.open({
      RESONANCE_BRAIN: "openai-compatible",
      RESONANCE_MODEL: "scripted",
      RESONANCE_MODEL_URL: model.url,
      RESONANCE_MCP_CONFIG: join(folder, "mcp.json"),
      RESONANCE_POLICY_FILE: join(folder, "policy.yaml"),
    }),
  );
  await ground.letIn(["first"]);
  scripts.set("are all there?", (_results, request) => {
    const offered = request.tools.map(({ name }) => name);
    return say(tools.every((name) => offered.includes(name)) ? "all are there" : "not yet");
  });
  await eventually(
    async () => {
      await ground.ask("first", "are all there?", AbortSignal.timeout(10_000));
      expect((await answersTo("first")).at(-1)).toBe("all are there");
    },
    { timeoutMs: 60_000, intervalMs: 200 },
  );
}, 150_000);
afterAll(() => stack.disposeAsync());

function serverWith(names: readonly string[], settings: Record<string, number> = {}) {
  const path = join(newFolder(), "tools.json");
  const inputSchema = { type: "object", properties: {} };
  writeFileSync(
    path,
    JSON.stringify(names.map((name) => ({ name, description: "does it", inputSchema }))),
  );
  const allowed = Object.fromEntries(names.map((name) => [name, "read"]));
  return { command: process.execPath, args: [troubled, path], tools: allowed, ...settings };
}

/** The last question in the conversation says which script it is. */
function replyTo(request: ModelRequest): Reply | Promise<Reply> {
  const { entries } = request;
  const at = entries.findLastIndex(({ kind }) => kind === "user");
  const text = entries[at]?.kind === "user" ? entries[at].text : "";
  const [, script] = [...scripts].find(([question]) => text.includes(question)) ?? [];
  if (!script) throw new Error(`no script for ${text}`);
  const results = entries
    .slice(at)
    .flatMap((entry) => (entry.kind === "tool_result" ? [entry.text] : []));
  return script(results, request);
}

async function answersTo(username: string): Promise<string[]> {
  const said = await ground.saidInTheEnd(AbortSignal.timeout(60_000));
  return (said.get(botSessionOf(username)) ?? []).map(({ content }) => content);
}

/** Asks what the script belongs to, and gives what the bot says to it in the end. */
async function ask(username: string, question: string, script: Script): Promise<string[]> {
  scripts.set(question, script);
  await ground.letIn([username]);
  await ground.ask(username, question, AbortSignal.timeout(10_000));
  return await answersTo(username);
}

test("a tool that hangs is told to the model, which answers without it", async () => {
  const results: string[] = [];
  const answers = await ask("patient", "is it hanging?", ([result]) => {
    if (result === undefined) return callTool("hasty__hang", {});
    results.push(result);
    return say("It gives no answer.");
  });

  expect(answers).toEqual(["It gives no answer."]);
  expect(results).toEqual([expect.stringContaining("hasty did not answer in 500 ms")]);
}, 90_000);

test("50 MB are not taken, which the model is told, and the same server answers its next call", async () => {
  const results: string[] = [];
  const answers = await ask("curious", "how large is it?", ([refused, pid]) => {
    if (refused === undefined) return callTool("usual__huge", {});
    if (pid === undefined) return callTool("usual__pid", {});
    results.push(refused, pid);
    return say("It is too large.");
  });

  expect(answers).toEqual(["It is too large."]);
  expect(results).toEqual([
    expect.stringContaining("larger than 4194304 bytes"),
    expect.stringMatching(/outcome="ok">\n\d+\n/),
  ]);
}, 90_000);

test("a server that restarts in the middle of a run ends neither it nor the question behind it", async () => {
  const isWaiting = Promise.withResolvers<void>();
  const pids: string[] = [];
  const pidIn = (result: string) => /outcome="ok">\n(\d+)\n/.exec(result)?.[1] ?? result;
  scripts.set("which process, then?", ([result]) => {
    if (result === undefined) return callTool("usual__pid", { again: true });
    pids.push(pidIn(result));
    return say("The same.");
  });
  await ground.letIn(["witness"]);
  scripts.set("does it crash?", async ([before, crash, after]) => {
    if (before === undefined) return callTool("usual__pid", {});
    if (crash === undefined) {
      await isWaiting.promise;
      return callTool("usual__crash", {});
    }
    if (after === undefined) return callTool("usual__pid", { again: true });
    pids.push(pidIn(before), pidIn(after));
    return say(crash.includes("A retry may help") ? "It crashed." : "It did not.");
  });
  const signal = AbortSignal.timeout(30_000);
  await ground.ask("witness", "does it crash?", signal);
  await ground.ask("witness", "which process, then?", signal);
  isWaiting.resolve();

  const answers = await answersTo("witness");

  expect(answers).toEqual(["It crashed.", "> which process, then?\n\nThe same."]);
  const [before, after, then] = pids;
  expect(pids).toEqual(Array(3).fill(expect.stringMatching(/^\d+$/)));
  expect(after).not.toBe(before);
  expect(then).toBe(after);
}, 90_000);
