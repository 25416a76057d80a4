import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { BrainPort } from "./brain/model-port.ts";
import { BotGround } from "./testing/bot-ground.ts";
import type { FakeLogic } from "./testing/fake-logic.ts";
import { openShakyDatabase, type ShakyDatabase } from "./testing/shaky-database.ts";
import type { ToolSource } from "./tools/tool-source.ts";

let ground: BotGround;
let logic: FakeLogic;
let database: ShakyDatabase;
let folder: string;

const policy = {
  version: 1,
  read: [{ role: "user", tools: ["*"] }],
  budgets: { user: { tokensPerDay: 1_000 } },
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "outage-"));
  writeFileSync(join(folder, "policy.json"), JSON.stringify(policy));
  ground = await BotGround.open();
  database = await openShakyDatabase(ground.mysqlUrl);
});
beforeEach(async () => {
  await ground.reset();
  logic = await ground.openLogic();
});
afterAll(async () => {
  await ground[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const moments = [
  "before it is claimed",
  "before the first step",
  "before a tool is permitted",
  "while a tool runs",
  "before the budget is looked at",
  "before the answer",
  "when the answer is sent",
] as const;

type Moment = (typeof moments)[number];

/** One tool, and a brain that calls it once and then answers. Both tell of the moments they see. */
function worker(at: (moment: Moment) => void) {
  const usage = { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 };
  const definition = {
    name: "look",
    description: "",
    inputSchema: { type: "object" },
    access: "read",
  } as const;
  let steps = 0;
  let calls = 0;
  const tools: ToolSource = {
    name: "test",
    definitions: () => {
      // Asked for right before a call is looked at, and right before the brain is asked.
      if (calls === 1) at("before the budget is looked at");
      else if (steps === 1) at("before a tool is permitted");
      return [definition];
    },
    call: async () => {
      calls += 1;
      at("while a tool runs");
      return { outcome: "ok", text: "42" };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const brain: BrainPort = {
    name: "openai-compatible",
    model: "scripted",
    reach: "local",
    async next() {
      steps += 1;
      if (steps === 1) {
        at("before the first step");
        const toolCalls = [{ id: "1", name: "look", input: {} }];
        return { text: "", toolCalls, finish: "tool_calls", usage };
      }
      at("before the answer");
      return { text: `answer after ${steps} steps`, toolCalls: [], finish: "answer", usage };
    },
  };
  return { tools, brain };
}

async function endOf(msgId: bigint) {
  const [row] = await ground.db.query(
    "SELECT state, attempts FROM t_bot_run WHERE msg_id = ? AND finished_at IS NOT NULL",
    [msgId],
  );
  return row ?? false;
}

test.each(moments)(
  "a question is answered though the database is away %s",
  async (moment) => {
    const outages: Promise<void>[] = [];
    const at = (now: Moment) => {
      if (now === moment && outages.length === 0) outages.push(database.outage());
    };
    const { brain, tools } = worker(at);
    logic.onSend = () => at("when the answer is sent");
    const environment = {
      RESONANCE_MYSQL_URL: database.url,
      RESONANCE_POLICY_FILE: join(folder, "policy.json"),
    };
    await ground.openBot(brain, environment, [tools]);
    at("before it is claimed");

    const msgId = await ground.ask("how much is it?");

    const end = await eventually(() => endOf(msgId), { timeoutMs: 60_000 });
    expect(end).toEqual({ state: "answered", attempts: 1 });
    expect(outages).toHaveLength(1);
    await Promise.all(outages);
    expect(logic.answerTo(msgId)).toBe("answer after 2 steps");
    const steps = await ground.db.query<{ kind: string; state: string }>(
      "SELECT kind, state FROM t_bot_step WHERE msg_id = ? ORDER BY number",
      [msgId],
    );
    expect(steps.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      "model done",
      "tool done",
      "model done",
    ]);
  },
  90_000,
);
