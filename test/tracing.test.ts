import { readFile } from "node:fs/promises";
import { traceIdOf } from "@resonance/kit";
import { callTool, openScriptedModel, type ScriptedModel, say } from "@resonance/scripted-model";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CollectedSpan, type Collector, openCollector } from "./testing/open-collector.ts";
import { openPerson } from "./testing/open-person.ts";
import { openTestStack, type TestStack } from "./testing/open-test-stack.ts";

const canaries = {
  question: "canary-question-7319",
  argument: "canary-argument-5520",
  answer: "canary-answer-8846",
  password: "canary-password-1207",
};

let collector: Collector;
let model: ScriptedModel;
let stack: TestStack;

beforeAll(async () => {
  collector = await openCollector();
  model = await openScriptedModel(({ entries }) =>
    entries.at(-1)?.kind === "tool_result"
      ? say(`Nothing stands out. ${canaries.answer}`)
      : callTool("get_logs", { service: "gateway", include: canaries.argument }),
  );
  stack = await openTestStack({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    RESONANCE_BRAIN: "openai-compatible",
    RESONANCE_MODEL: "scripted",
    RESONANCE_MODEL_URL: model.url,
  });
}, 120_000);
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await model?.[Symbol.asyncDispose]();
  await collector?.[Symbol.asyncDispose]();
});

const question = `why is ${canaries.question} slow? password=${canaries.password}`;

test("a question is one trace from the gateway over model and tool to the delivered answer", {
  timeout: 60_000,
}, async () => {
  await using alice = await openPerson(stack.url, { username: "alice" });
  const { msgId } = await alice.ask(question);

  const trace = await eventually(
    () => {
      const spans = collector.spans.filter(({ traceId }) => traceId === traceIdOf(msgId));
      expect(spans.map(({ name }) => name).toSorted()).toEqual([
        "bot.answer",
        "bot.model",
        "bot.model",
        "bot.queue",
        "bot.run",
        "bot.tool",
        "gateway.deliver",
        "gateway.message",
        "logic.store",
        "logic.store",
      ]);
      return spans;
    },
    { timeoutMs: 20_000 },
  );

  const parents = trace.map((span) => `${span.name} < ${parentOf(span, trace)}`).toSorted();
  expect(parents).toEqual([
    "bot.answer < bot.run",
    "bot.model < bot.run",
    "bot.model < bot.run",
    "bot.queue < bot.run",
    "bot.run < gateway.message",
    "bot.tool < bot.run",
    "gateway.deliver < logic.store",
    "gateway.message < nobody",
    "logic.store < bot.answer",
    "logic.store < gateway.message",
  ]);
  expect(new Set(trace.map(({ service }) => service))).toEqual(
    new Set(["resonance-gateway", "resonance-logic", "resonance-bot"]),
  );
  const [run] = trace.filter(({ name }) => name === "bot.run");
  const [tool] = trace.filter(({ name }) => name === "bot.tool");
  const [step] = trace.filter(({ name }) => name === "bot.model");
  expect(run?.attributes).toMatchObject({ "resonance.outcome": "answered" });
  expect(tool?.attributes).toMatchObject({ "gen_ai.tool.name": "get_logs" });
  expect(step?.attributes).toMatchObject({ "gen_ai.request.model": "scripted" });
  expect(Number(step?.attributes["resonance.first_token_seconds"])).toBeGreaterThan(0);
  for (const span of trace) expect(span.endNs).toBeGreaterThanOrEqual(span.startNs);
});

test("no word of a person, a model or a tool is in a span, nor who it was", async () => {
  await using bob = await openPerson(stack.url, { username: "bob-canary" });
  const { msgId } = await bob.ask(question);
  await eventually(
    () => {
      const mine = collector.spans.filter(({ traceId }) => traceId === traceIdOf(msgId));
      expect(mine.map(({ name }) => name)).toContain("gateway.deliver");
      expect(mine.map(({ name }) => name)).toContain("bot.run");
    },
    { timeoutMs: 20_000 },
  );

  const received = collector.received();
  for (const word of [...Object.values(canaries), "bob-canary", bob.token]) {
    expect(received).not.toContain(word);
  }
});

test("queue, first token, model, tools, tokens and failures are numbers of the bot", async () => {
  await using carol = await openPerson(stack.url, { username: "carol" });
  await carol.ask(question);

  const text = await (await fetch(await metricsUrl())).text();

  const value = (line: RegExp) => Number(line.exec(text)?.[1]);
  expect(value(/^resonance_bot_queue_seconds_count{.*} (\d+)/m)).toBeGreaterThan(0);
  for (const name of ["model_first_token_seconds", "model_step_seconds"]) {
    const line = new RegExp(`^resonance_bot_${name}_count{.*model="scripted".*} (\\d+)`, "m");
    expect(value(line), name).toBeGreaterThan(0);
  }
  expect(
    value(/^resonance_bot_tool_call_seconds_count{.*tool="get_logs".*} (\d+)/m),
  ).toBeGreaterThan(0);
  for (const direction of ["input", "output"]) {
    const line = new RegExp(`^resonance_bot_model_tokens_total{.*"${direction}".*} (\\d+)`, "m");
    expect(value(line), direction).toBeGreaterThan(0);
  }
  for (const name of ["model_cost_total", "run_failures_total", "proposals_total"]) {
    expect(text).toContain(`# TYPE resonance_bot_${name} counter`);
  }
  expect(text).not.toContain(canaries.argument);
});

function parentOf(span: CollectedSpan, trace: readonly CollectedSpan[]): string {
  if (span.parentSpanId === "") return "nobody";
  return trace.find(({ spanId }) => spanId === span.parentSpanId)?.name ?? "unknown";
}

/** Where the bot says that it serves them. */
async function metricsUrl(): Promise<string> {
  const log = await readFile(`${stack.home}/logs/bot.log`, "utf8");
  const lines = log.split("\n").filter((line) => line.includes('"metrics"'));
  return String(JSON.parse(lines.at(-1) ?? "{}").metrics);
}
