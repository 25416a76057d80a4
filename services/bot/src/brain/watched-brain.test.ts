import type { SpanRecord } from "@resonance/kit";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { createBotMetrics } from "../metrics.ts";
import { shippedPolicy } from "../permission/policy.ts";
import { fixedPolicy } from "../permission/policy-file.ts";
import { brainRequest } from "../testing/brain-request.ts";
import {
  BrainError,
  type BrainPort,
  type BrainRequest,
  type BrainStep,
  type Usage,
} from "./model-port.ts";
import { watchedBrain } from "./watched-brain.ts";

const signal = AbortSignal.timeout(10_000);
const answer: BrainStep = {
  text: "fine",
  toolCalls: [],
  finish: "answer",
  usage: { inputTokens: 2_000_000, outputTokens: 500_000, cachedInputTokens: 7 },
};

function watched(think: (request: BrainRequest) => BrainStep) {
  const registry = new Registry();
  const spans: SpanRecord[] = [];
  const brain: BrainPort = {
    name: "anthropic",
    model: "claude",
    reach: "cloud",
    next: async (request) => think(request),
  };
  const { budgets } = shippedPolicy;
  const policy = fixedPolicy({
    ...shippedPolicy,
    budgets: { ...budgets, prices: { ...budgets.prices, input: 3, output: 15 } },
  });
  const tracing = {
    record: (span: SpanRecord) => void spans.push(span),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const deps = { metrics: createBotMetrics(registry), tracing, policy };
  const read = async (line: RegExp) => Number(line.exec(await registry.metrics())?.[1]);
  return { brain: watchedBrain(brain, deps), spans, read };
}

test("tokens are counted by direction, and their money by the policy's prices", async () => {
  const { brain, read } = watched(() => answer);

  await brain.next(brainRequest("how is it?"), signal);

  expect(await read(/^resonance_bot_model_tokens_total{.*"input"} (\d+)/m)).toBe(2_000_000);
  expect(await read(/^resonance_bot_model_tokens_total{.*"cached_input"} (\d+)/m)).toBe(7);
  expect(await read(/^resonance_bot_model_tokens_total{.*"output"} (\d+)/m)).toBe(500_000);
  expect(await read(/^resonance_bot_model_cost_total{.*} ([\d.]+)/m)).toBe(2 * 3 + 0.5 * 15);
});

test("what was spent on tries that came to nothing is counted too, and told on", async () => {
  const lost: Usage[] = [];
  const usage = { inputTokens: 1_000_000, outputTokens: 10, cachedInputTokens: 0 };
  const { brain, read } = watched(({ onLost }) => {
    onLost?.(usage);
    throw new BrainError("timed_out", "silent");
  });
  const request = brainRequest("how is it?", { onLost: (one) => lost.push(one) });

  await expect(brain.next(request, signal)).rejects.toThrow("silent");

  expect(lost).toEqual([usage]);
  expect(await read(/^resonance_bot_model_tokens_total{.*"input"} (\d+)/m)).toBe(1_000_000);
});

test("the first token is timed once, also where it is no word", async () => {
  const { brain, spans, read } = watched(({ onToken }) => {
    onToken?.();
    onToken?.();
    return answer;
  });

  await brain.next(brainRequest("how is it?"), signal);

  expect(await read(/^resonance_bot_model_first_token_seconds_count{.*} (\d+)/m)).toBe(1);
  expect(spans[0]?.attributes).toHaveProperty("resonance.first_token_seconds");
});

test("a step that fails is counted by its kind, and is a failed span without the provider's words", async () => {
  const { brain, spans, read } = watched(() => {
    throw new BrainError("busy", "anthropic: overloaded", { cause: new Error("secret words") });
  });

  await expect(brain.next(brainRequest("how is it?"), signal)).rejects.toThrow("overloaded");

  expect(await read(/^resonance_bot_model_step_seconds_count{.*"busy"} (\d+)/m)).toBe(1);
  expect(spans).toMatchObject([{ name: "bot.model", parent: "run", failure: "busy" }]);
  expect(
    JSON.stringify(spans, (_key, value) => (typeof value === "bigint" ? `${value}` : value)),
  ).not.toMatch(/secret|overloaded|how is it/);
});
