import { callTool, type ReplyOf, say } from "@resonance/scripted-model";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answered, brainRequest } from "../testing/brain-request.ts";
import { logLine, logsFound } from "../testing/results.ts";
import { openScriptedBrain } from "../testing/scripted-brain.ts";
import type { BrainPort } from "./model-port.ts";
import { offlineBrain } from "./offline/offline-brain.ts";

// What the loop relies on, whichever brain is configured. The models are the real SDKs, which talk
// HTTP with a scripted model; the rules are themselves.

const signal = new AbortController().signal;
let stack: AsyncDisposableStack;
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

/** Reads the log of the service that is named, and then answers in the asker's language. */
const colleague: ReplyOf = ({ entries, toolChoice }) => {
  const question = entries.find(({ kind }) => kind === "user");
  const text = question?.kind === "user" ? question.text : "";
  const last = entries.at(-1);
  const isChinese = text.includes("Answer in Chinese");
  if (last?.kind === "tool_result" && last.isError) return say("That failed, so I cannot tell.");
  if (last?.kind === "tool_result" || toolChoice === "none") {
    return say(isChinese ? "日志" : "The log ", isChinese ? "都正常。" : "looks fine.");
  }
  return callTool("get_logs", { service: /logic/i.test(text) ? "logic" : "gateway" });
};

const brains: Record<BrainPort["name"], () => Promise<BrainPort>> = {
  anthropic: async () => (await openScriptedBrain(stack, "anthropic", colleague)).brain,
  "openai-compatible": async () =>
    (await openScriptedBrain(stack, "openai-compatible", colleague)).brain,
  offline: async () => offlineBrain,
};

const found = {
  outcome: "ok",
  text: "1 line",
  data: { outcome: "ok", data: logsFound([logLine("10:00:00.000Z INFO hello")]) },
} as const;

/** The first step and what the loop asks after it. */
async function looked(brain: BrainPort, text: string, result: Parameters<typeof answered>[2]) {
  const request = brainRequest(text);
  const first = await brain.next(request, signal);
  return { first, request: { ...request, messages: answered(request.messages, first, result) } };
}

describe.each(Object.entries(brains))("%s", (name, open) => {
  test("bears its name, and says how far it reaches", async () => {
    const brain = await open();
    expect(brain.name).toBe(name);
    expect(brain.model === "").toBe(name === "offline");
    expect(["local", "cloud"]).toContain(brain.reach);
  });

  test.each([
    ["帮我查看 Gateway 的日志", /日志/],
    ["show me the gateway's log", /log/i],
  ])("%s is looked up first, and then answered in its language", async (text, words) => {
    const brain = await open();
    const { first, request } = await looked(brain, text, found);
    expect(first).toMatchObject({
      finish: "tool_calls",
      toolCalls: [{ name: "get_logs", input: { service: "gateway" } }],
    });
    const answer = await brain.next(request, signal);
    expect(answer).toMatchObject({ finish: "answer", toolCalls: [] });
    expect(answer.text).toMatch(words);
  });

  test("what comes through onText is the text", async () => {
    const brain = await open();
    const { request } = await looked(brain, "show me the gateway's log", found);
    let heard = "";
    const onText = (delta: string) => {
      heard += delta;
    };
    const { text } = await brain.next({ ...request, onText }, signal);
    expect(heard).toBe(text);
  });

  test("a call that failed is told in words", async () => {
    const brain = await open();
    const failed = {
      outcome: "error",
      text: "ERROR (timed_out): get_logs gave no result",
      data: { outcome: "error", cause: "timed_out", message: "no", retryHelps: true, near: [] },
    } as const;
    const { request } = await looked(brain, "show me the gateway's log", failed);
    const answer = await brain.next(request, signal);
    expect(answer).toMatchObject({ finish: "answer", text: expect.stringMatching(/\S/) });
  });

  test("without tools it answers in words", async () => {
    const brain = await open();
    const step = await brain.next(brainRequest("show me the gateway's log", { tools: [] }), signal);
    expect(step).toMatchObject({ finish: "answer", toolCalls: [] });
    expect(step.text).toMatch(/\S/);
  });

  test("it keeps nothing between questions: any worker can go on with a run", async () => {
    const { request } = await looked(await open(), "show me the gateway's log", found);
    const answer = await (await open()).next(request, signal);
    expect(answer.finish).toBe("answer");
  });

  test("questions side by side do not mix", async () => {
    const brain = await open();
    const steps = await Promise.all(
      ["gateway", "logic"].map((service) =>
        brain.next(brainRequest(`show me the log of ${service}`), signal),
      ),
    );
    expect(steps.map(({ toolCalls }) => toolCalls[0]?.input)).toMatchObject([
      { service: "gateway" },
      { service: "logic" },
    ]);
  });

  test("usage is counted from nothing up", async () => {
    const step = await (await open()).next(brainRequest("show me the gateway's log"), signal);
    const { inputTokens, outputTokens, cachedInputTokens } = step.usage;
    for (const tokens of [inputTokens, outputTokens, cachedInputTokens]) {
      expect(tokens).toBeGreaterThanOrEqual(0);
    }
    expect(cachedInputTokens).toBeLessThanOrEqual(inputTokens);
  });

  test("a signal that is aborted already rejects with its reason", async () => {
    const reason = new Error("cancelled");
    const brain = await open();
    const next = brain.next(brainRequest("show me the gateway's log"), AbortSignal.abort(reason));
    await expect(next).rejects.toBe(reason);
  });
});
