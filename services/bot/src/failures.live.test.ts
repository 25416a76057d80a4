import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@resonance/kit";
import { callTool } from "@resonance/scripted-model";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { BrainError, type BrainErrorKind, type BrainPort } from "./brain/model-port.ts";
import { withFallback } from "./brain/with-fallback.ts";
import { failureText } from "./failure-text.ts";
import { BotGround } from "./testing/bot-ground.ts";
import type { FakeLogic } from "./testing/fake-logic.ts";
import { openScriptedBrain } from "./testing/scripted-brain.ts";

let ground: BotGround;
let logic: FakeLogic;

beforeAll(async () => {
  ground = await BotGround.open();
});
beforeEach(async () => {
  await ground.reset();
  logic = await ground.openLogic();
});
afterAll(() => ground[Symbol.asyncDispose]());

const kinds = [
  "busy",
  "too_long",
  "key_problem",
  "timed_out",
  "refused",
  "offline",
  "budget",
  "failed",
] as const satisfies readonly BrainErrorKind[];

function brainOf(next: BrainPort["next"]): BrainPort {
  return { name: "anthropic", model: "scripted", reach: "cloud", next };
}

async function answerTo(msgId: bigint): Promise<string> {
  return await eventually(() => logic.answerTo(msgId) ?? false, { timeoutMs: 15_000 });
}

/** Of a run that has ended, and of this. */
async function correlationIdOf(msgId: bigint, failure: BrainErrorKind): Promise<string> {
  const [row] = await ground.db.query<{ failure: string; correlationId: string }>(
    "SELECT failure, correlation_id AS correlationId FROM t_bot_run WHERE msg_id = ?",
    [msgId],
  );
  expect(row?.failure).toBe(failure);
  return row?.correlationId ?? "";
}

test("every failure of a brain is told in its sentence, in the asker's language", async () => {
  await ground.openBot(
    brainOf(async ({ question }) => {
      const kind = kinds.find((candidate) => question.text.includes(candidate)) ?? "failed";
      throw new BrainError(kind, "HTTP 529 sk-ant-secret", { partialText: "so far" });
    }),
  );
  for (const kind of kinds) {
    for (const language of ["en", "zh"] as const) {
      const asked = await ground.ask(language === "en" ? `how? ${kind}` : `怎么样 ${kind}`);
      const answer = await answerTo(asked);
      const correlationId = await eventually(() => correlationIdOf(asked, kind));
      const sentence = failureText(kind, language, { correlationId, deadlineMs: 300_000 });
      expect(answer.startsWith("so far …")).toBe(true);
      expect(answer.endsWith(sentence), answer).toBe(true);
      // A random reference may hold any three digits.
      expect(answer.replace(correlationId, "")).not.toMatch(/529|sk-ant/);
    }
  }
});

test("what the second brain has answered is on record under its name", async () => {
  const usage = { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 };
  const second: BrainPort = {
    name: "openai-compatible",
    model: "second",
    reach: "local",
    next: async () => ({ text: "All is fine.", toolCalls: [], finish: "answer", usage }),
  };
  const first = brainOf(async (request, signal) => {
    if (request.question.text === "fine") return await second.next(request, signal);
    throw new BrainError("offline", "no way there");
  });
  await ground.openBot(withFallback(first, second, createLogger("test", "silent")));
  const recorded = async (msgId: bigint) => {
    const [run] = await ground.db.query<{ brain: string; model: string }>(
      "SELECT brain, model FROM t_bot_run WHERE msg_id = ? AND state = 'answered'",
      [msgId],
    );
    return run ?? false;
  };

  const fine = await ground.ask("fine");
  expect(await eventually(() => recorded(fine))).toEqual({ brain: "anthropic", model: "scripted" });
  const taken = await ground.ask("how?");

  expect(await eventually(() => recorded(taken))).toEqual({
    brain: "openai-compatible",
    model: "second",
  });
  const entries = await ground.db.query<{ details: string }>(
    "SELECT details FROM t_audit WHERE msg_id = ? AND kind = 'question'",
    [taken],
  );
  expect(entries.map(({ details }) => JSON.parse(String(details)))).toMatchObject([
    { brain: "openai-compatible", model: "second" },
  ]);
  const steps = await ground.db.query<{ model: string }>(
    "SELECT name AS model FROM t_bot_step WHERE msg_id = ? AND kind = 'model'",
    [taken],
  );
  expect(steps).toEqual([{ model: "second" }]);
});

test.each(["anthropic", "openai-compatible"] as const)(
  "a budget that is used up in the middle of a run ends it politely, and commands go on (%s)",
  async (name) => {
    await using stack = new AsyncDisposableStack();
    const folder = mkdtempSync(join(tmpdir(), "budget-"));
    stack.defer(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "policy.yaml");
    writeFileSync(
      file,
      "version: 1\nread: [{ role: user, tools: ['*'] }]\nbudgets: { user: { tokensPerDay: 15 } }\n",
    );
    const { brain, model } = await openScriptedBrain(stack, name, (_request, before) => ({
      ...callTool("im_status", { step: before }),
      usage: { inputTokens: 8, outputTokens: 2, cachedInputTokens: 0 },
    }));
    await ground.openBot(brain, { RESONANCE_POLICY_FILE: file });

    const asked = await ground.ask("how is everything?");
    const answer = await answerTo(asked);

    expect(answer).toContain("The budget for the language model is used up");
    await eventually(() => correlationIdOf(asked, "budget"));
    expect(model.requests).toHaveLength(2);
    const [run] = await ground.db.query(
      "SELECT input_tokens AS input, output_tokens AS output FROM t_bot_run WHERE msg_id = ?",
      [asked],
    );
    expect(run).toEqual({ input: 16n, output: 4n });
    expect(await answerTo(await ground.ask("/help"))).toContain("/logs");
  },
);

test("tries that came to nothing count against the budget", async () => {
  const folder = mkdtempSync(join(tmpdir(), "budget-"));
  const file = join(folder, "policy.yaml");
  writeFileSync(file, "version: 1\nbudgets: { user: { tokensPerDay: 15 } }\n");
  let asked = 0;
  await ground.openBot(
    brainOf(async ({ onLost }) => {
      asked += 1;
      onLost?.({ inputTokens: 12, outputTokens: 3, cachedInputTokens: 0 });
      throw new BrainError("timed_out", "nothing for 90 s");
    }),
    { RESONANCE_POLICY_FILE: file },
  );
  const first = await ground.ask("how is everything?");
  await answerTo(first);
  await eventually(() => correlationIdOf(first, "timed_out"));

  const answer = await answerTo(await ground.ask("and now?"));

  expect(answer).toContain("The budget for the language model is used up");
  expect(asked).toBe(1);
  const [run] = await ground.db.query(
    "SELECT input_tokens AS input, output_tokens AS output FROM t_bot_run WHERE msg_id = ?",
    [first],
  );
  expect(run).toEqual({ input: 12n, output: 3n });
  rmSync(folder, { recursive: true });
});

test("what a brain had said when the deadline passed is kept", async () => {
  await ground.openBot(
    brainOf(async ({ onText }, signal) => {
      onText("The gateway ");
      onText("is well, and");
      await once(signal, "abort");
      throw signal.reason;
    }),
    { RESONANCE_BOT_DEADLINE_MS: "1000" },
  );
  const answer = await answerTo(await ground.ask("how is it?"));
  expect(answer).toMatch(
    /^The gateway is well,(?: and)? …\n\n_The answer breaks off here._ Sorry, I found no answer within 1 s/,
  );
});

test("what is too long is compacted and asked again once, and then answered", async () => {
  const sizes: number[] = [];
  await ground.openBot(
    brainOf(async ({ messages, question }) => {
      const usage = { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 };
      const answer = { text: "ok ".repeat(300), toolCalls: [], finish: "answer", usage } as const;
      if (question.text !== "last") return answer;
      sizes.push(JSON.stringify(messages).length);
      if (sizes.length === 1) throw new BrainError("too_long", "over the window");
      return { ...answer, text: "it fits now" };
    }),
  );
  for (let index = 0; index < 5; index++)
    await answerTo(await ground.ask(`question ${index} `.repeat(30)));
  expect(await answerTo(await ground.ask("last"))).toBe("it fits now");
  expect(sizes).toHaveLength(2);
  expect(sizes[1]).toBeLessThan((sizes[0] ?? 0) * 0.7);
});

test("commands work when the model does not", async () => {
  await ground.openBot(brainOf(() => Promise.reject(new BrainError("key_problem", "401"))));
  expect(await answerTo(await ground.ask("/help"))).toContain("/logs gateway");
  expect(await answerTo(await ground.ask("/logz gateway"))).toContain("`/logs`");
});
