import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { BrainPort } from "../brain/model-port.ts";
import { BotGround } from "../testing/bot-ground.ts";
import type { FakeLogic } from "../testing/fake-logic.ts";
import { openArtifactSource } from "../tools/artifact-source.ts";
import type { ToolSource } from "../tools/tool-source.ts";

let ground: BotGround;
let logic: FakeLogic;

beforeAll(async () => {
  ground = await BotGround.open();
});
beforeEach(async () => {
  await ground.reset();
  logic = await ground.openLogic();
  await ground.db.execute("DELETE FROM t_session_member");
  await ground.db.execute(
    `REPLACE INTO t_user (username, nickname, password, role)
     VALUES ('olga', 'olga', '!', 'operator'), ('una', 'una', '!', 'user')`,
  );
});
afterAll(() => ground[Symbol.asyncDispose]());

const usage = { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 };
const group = { sessionId: "group:1", fromUsername: "olga" };

const longSource: ToolSource = {
  name: "test",
  definitions: () => [
    { name: "read_all", description: "", inputSchema: { type: "object" }, access: "read" },
  ],
  call: async () => ({ outcome: "ok", text: "a line of a log\n".repeat(20_000) }),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** Calls what it is told to, and repeats what came of it. */
const brain: BrainPort = {
  name: "openai-compatible",
  model: "scripted",
  reach: "local",
  async next({ question, messages }) {
    const last = messages.at(-1);
    if (last?.role === "tool") {
      const text = last.results.map((result) => result.text).join("\n");
      return { text, toolCalls: [], finish: "answer", usage };
    }
    const id = /a-[0-9a-f]{16}/.exec(question.text)?.[0];
    const call = id ? { name: "read_artifact", input: { id } } : { name: "read_all", input: {} };
    return { text: "", toolCalls: [{ id: "c", ...call }], finish: "tool_calls", usage };
  },
};

async function answerTo(text: string): Promise<string> {
  const msgId = await ground.ask(`@ops-bot ${text}`, group);
  return await eventually(() => logic.answerTo(msgId) ?? false, { timeoutMs: 15_000 });
}

test.each([
  [
    "somebody has joined who may not see it",
    "INSERT INTO t_session_member (session_id, username) VALUES ('group:1', 'una')",
  ],
  ["the asker has lost the role", "UPDATE t_user SET role = 'user' WHERE username = 'olga'"],
])("what was stored of a result is not shown again once %s", async (_what, change) => {
  const sources = [longSource, openArtifactSource(ground.db)];
  await ground.openBot(brain, { RESONANCE_BUILT_IN_POLICY: "shipped" }, sources);
  const id = /a-[0-9a-f]{16}/.exec(await answerTo("read it all"))?.[0];
  expect(await answerTo(`read ${id}`)).toContain("1: a line of a log");

  await ground.db.execute(change);

  const answer = await answerTo(`read ${id} again`);
  expect(answer).toContain("NOT ALLOWED");
  expect(answer).not.toContain("a line of a log");
});
