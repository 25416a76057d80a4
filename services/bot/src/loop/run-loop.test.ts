import { setTimeout as delay } from "node:timers/promises";
import { createLogger } from "@resonance/kit";
import { expect, test } from "vitest";
import { BrainError, type BrainRequest, type BrainStep } from "../brain/model-port.ts";
import { questionOf } from "../testing/question-of.ts";
import { refuseWrite } from "../testing/refuse-write.ts";
import type { ToolCall, ToolDefinition, ToolOutcome } from "../tools/tool-source.ts";
import { LostTokens } from "./lost-tokens.ts";
import { type LoopDeps, maxModelSteps, runLoop } from "./run-loop.ts";
import { Speech } from "./speech.ts";
import type { ModelStep, Step, StepLog, ToolStep } from "./steps.ts";

const signal = new AbortController().signal;
const usage = { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 };
const tool = (name: string, access: "read" | "write" = "read"): ToolDefinition => ({
  name,
  description: name,
  inputSchema: { type: "object" },
  access,
});

/** Steps in memory, as they would be stored: in the order of their numbers. */
class Steps implements StepLog {
  readonly stored = new Map<number, Step>();
  load = async () => [...this.stored.values()].sort((one, other) => one.number - other.number);
  addModelStep = async (step: ModelStep) => void this.stored.set(step.number, step);
  startToolStep = async (step: ToolStep) => void this.stored.set(step.number, step);
  finishToolStep = async (step: Required<ToolStep>) => void this.stored.set(step.number, step);

  get results(): string[] {
    const steps = [...this.stored.values()];
    return steps.flatMap((step) => (step.kind === "tool" ? (step.result?.text ?? "-") : []));
  }
}

type Script = (request: BrainRequest, turn: number) => BrainStep | Promise<BrainStep>;

function calls(...wanted: Partial<ToolCall>[]): BrainStep {
  const toolCalls = wanted.map((call, index) => ({
    id: `c${index}`,
    name: "look",
    input: {},
    ...call,
  }));
  return { text: "", toolCalls, finish: "tool_calls", usage };
}

function says(text: string, finish: BrainStep["finish"] = "answer"): BrainStep {
  return { text, toolCalls: [], finish, usage };
}

function setUp(
  script: Script,
  call: (name: string, input: unknown) => Promise<ToolOutcome> | ToolOutcome,
) {
  const requests: BrainRequest[] = [];
  const made: string[] = [];
  const artifacts: string[] = [];
  const steps = new Steps();
  const deps: LoopDeps = {
    brain: {
      name: "anthropic",
      model: "scripted",
      reach: "local",
      next: async (request) => {
        requests.push(request);
        return await script(request, requests.length);
      },
    },
    tools: {
      definitions: () => [tool("look"), tool("look_closer"), tool("change", "write")],
      call: async ({ name, input }) => {
        made.push(`${name} ${JSON.stringify(input)}`);
        return await call(name, input);
      },
    },
    steps,
    speech: new Speech(),
    lost: new LostTokens(),
    report: () => undefined,
    messages: (since) => [{ role: "user", text: "q" }, ...since],
    permit: async () => undefined,
    onWrite: refuseWrite,
    toolTimeoutMs: 50,
    redaction: { text: (text) => text.replaceAll("hunter2", "[redacted]"), json: (value) => value },
    storeArtifact: async (_tool, text) => `a-${artifacts.push(text)}`,
    log: createLogger("test", "silent"),
  };
  const run = () => runLoop(deps, { question: questionOf("q"), system: "s" }, signal);
  return { run, deps, requests, made, steps, artifacts };
}

const found = (text: string): ToolOutcome => ({ outcome: "ok", text });

/** What the brain was given back for the calls of its last step. */
function lastResults(request: BrainRequest | undefined): string[] {
  const last = request?.messages.at(-1);
  return last?.role === "tool" ? last.results.map(({ text }) => text) : [];
}

test("brain and tools alternate until there is an answer, and each step is stored", async () => {
  const { run, steps, requests } = setUp(
    (_, turn) => (turn === 1 ? calls({ input: { at: "x" } }) : says("all is well")),
    () => found("line 1"),
  );
  expect((await run()).text).toBe("all is well");
  expect([...steps.stored.values()].map(({ kind, number }) => `${number} ${kind}`)).toEqual([
    "1 model",
    "2 tool",
    "3 model",
  ]);
  expect(lastResults(requests[1])[0]).toMatch(
    /^<untrusted-\w{12} tool="look" outcome="ok">\nline 1\n<\/untrusted-\w{12}>$/,
  );
});

test("a brain that never stops calling is without tools after 20 steps, and answers", async () => {
  const { run, requests, made } = setUp(
    ({ tools }, turn) => (tools.length > 0 ? calls({ input: { turn } }) : says("enough")),
    () => found("more"),
  );
  expect((await run()).text).toBe("enough");
  expect(made).toHaveLength(maxModelSteps);
  expect(requests).toHaveLength(maxModelSteps + 1);
  expect(requests.at(-1)?.system).toContain("tools are used up");
});

test("the same call with the same arguments is refused in words, in whatever order", async () => {
  const { run, made, requests } = setUp(
    (_, turn) => {
      if (turn === 1) return calls({ input: { a: 1, b: 2 } }, { id: "d", input: { b: 2, a: 1 } });
      return turn === 2 ? calls({ input: { a: 1, b: 2 } }) : says("done");
    },
    () => found("x"),
  );
  await run();
  expect(made).toHaveLength(1);
  expect(lastResults(requests[1])[1]).toContain("these very arguments");
  expect(lastResults(requests[2])[0]).toContain("these very arguments");
});

test.each([
  ["a tool that does not exist", { name: "lok" }, /no tool "lok".*nearest: look, /s],
  ["arguments that are no JSON", { input: '{"a": ' }, /not a JSON object/],
  ["arguments that are a list", { input: [1] }, /not a JSON object/],
  ["a tool that writes", { name: "change" }, /changes the system.*Nothing was done/s],
])("%s is answered in words, and nothing is called", async (_, call, words) => {
  const { run, made, requests } = setUp(
    (_request, turn) => (turn === 1 ? calls(call) : says("ok")),
    () => found("x"),
  );
  await run();
  expect(made).toEqual([]);
  expect(lastResults(requests[1])[0]).toMatch(words);
});

test("arguments that a model wrote into a string are read", async () => {
  const { run, made } = setUp(
    (_, turn) => (turn === 1 ? calls({ input: '{"a":1}' }) : says("ok")),
    () => found("x"),
  );
  await run();
  expect(made).toEqual(['look {"a":1}']);
});

test("a tool that hangs is left, one that breaks is said to, and both can be read", async () => {
  const { run, requests } = setUp(
    (_, turn) => (turn === 1 ? calls({}, { id: "d", name: "look_closer" }) : says("ok")),
    (name) =>
      name === "look"
        ? delay(60_000, found("late"), { ref: false })
        : Promise.reject(new Error("secret detail")),
  );
  await run();
  const [hung, broken] = lastResults(requests[1]);
  expect(hung).toContain("timed_out");
  expect(broken).toMatch(/ERROR \(internal\): look_closer failed/);
  expect(broken).not.toContain("secret detail");
});

test("50 MB with invalid characters come to the brain as 8,000 tokens, the rest as an artifact", async () => {
  const line = "a line with \ud800 half a character\n";
  const { run, requests, artifacts } = setUp(
    (_, turn) => (turn === 1 ? calls({}) : says("ok")),
    () => found(line.repeat(50_000_000 / line.length)),
  );
  await run();
  const [result = ""] = lastResults(requests[1]);
  expect(result.length).toBeLessThan(26_000);
  expect(result).toMatch(/cut: of \d+ lines.*artifact a-1/s);
  expect(result.isWellFormed()).toBe(true);
  expect(artifacts[0]?.length).toBeLessThan(4_300_000);
});

test("secrets are in no step, and not in what the brain reads", async () => {
  const { run, steps, requests } = setUp(
    (_, turn) => (turn === 1 ? calls({}) : says("it is hunter2")),
    () => found("password hunter2"),
  );
  await run();
  expect(JSON.stringify([...steps.stored.values()])).not.toContain("hunter2");
  expect(JSON.stringify(requests.map(({ messages }) => messages))).not.toContain("hunter2");
});

test("a result that cannot be searched for secrets is withheld", async () => {
  const { run, deps, requests } = setUp(
    (_, turn) => (turn === 1 ? calls({}) : says("ok")),
    () => found("password hunter2"),
  );
  const failing = {
    text: (text: string) => (text.includes("hunter2") ? fail() : text),
    json: fail,
  };
  await runLoop(
    { ...deps, redaction: failing },
    { question: questionOf("q"), system: "s" },
    signal,
  );
  expect(lastResults(requests[1])[0]).toContain("WITHHELD");
  await expect(run()).resolves.toMatchObject({ text: "ok" });
});

function fail(): never {
  throw new Error("no");
}

test("what is too long is asked once more, made shorter, and no third time", async () => {
  const tight: boolean[] = [];
  const { deps } = setUp(
    () => Promise.reject(new BrainError("too_long", "8k")),
    () => found("x"),
  );
  const messages: LoopDeps["messages"] = (_since, isTight) => {
    tight.push(isTight);
    return [{ role: "user", text: "q" }];
  };
  const looped = runLoop({ ...deps, messages }, { question: questionOf("q"), system: "s" }, signal);
  await expect(looped).rejects.toMatchObject({ kind: "too_long" });
  expect(tight).toEqual([false, true]);
});

test("a refusal is an error that keeps what was said", async () => {
  const { run } = setUp(
    () => says("I will not", "refused"),
    () => found("x"),
  );
  await expect(run()).rejects.toMatchObject({ kind: "refused", partialText: "I will not" });
});

test("a brain that says nothing has failed", async () => {
  const { run } = setUp(
    () => says(" "),
    () => found("x"),
  );
  await expect(run()).rejects.toMatchObject({ kind: "failed" });
});

test("after a crash nothing is asked twice, and only the interrupted call is made again", async () => {
  const { run, steps, made, requests } = setUp(
    () => says("done"),
    (name) => found(`second ${name}`),
  );
  const [one, two] = calls(
    { id: "c1", input: { a: 1 } },
    { id: "c1", name: "look_closer" },
  ).toolCalls;
  if (!one || !two) throw new TypeError("no calls");
  const model = {
    kind: "model",
    number: 1,
    model: "scripted",
    durationMs: 1,
    ...calls(),
    toolCalls: [one, two],
  } as const;
  steps.stored.set(1, model);
  steps.stored.set(2, {
    kind: "tool",
    number: 2,
    call: one,
    result: { outcome: "ok", text: "first look", durationMs: 1 },
  });
  steps.stored.set(3, { kind: "tool", number: 3, call: two });
  expect((await run()).text).toBe("done");
  expect(made).toEqual(["look_closer {}"]);
  expect(requests).toHaveLength(1);
  expect(steps.results).toEqual(["first look", "second look_closer"]);
  expect([...steps.stored.keys()]).toEqual([1, 2, 3, 4]);
});

test("an answer that was stored before a crash is not asked for again", async () => {
  const { run, steps, requests } = setUp(
    () => says("other words"),
    () => found("x"),
  );
  steps.stored.set(1, {
    kind: "model",
    number: 1,
    model: "scripted",
    durationMs: 1,
    ...says("the answer"),
  });
  expect((await run()).text).toBe("the answer");
  expect(requests).toEqual([]);
});

test("of calls that a brain makes at once, no more are made than anybody needs", async () => {
  const many = Array.from({ length: 60 }, (_, at) => ({ id: `c${at}`, input: { at } }));
  const { run, made, requests } = setUp(
    (_, turn) => (turn === 1 ? calls(...many) : says("ok")),
    () => found("line"),
  );

  await run();

  expect(made).toHaveLength(12);
  const results = lastResults(requests[1]);
  expect(results).toHaveLength(60);
  expect(results[12]).toContain("NOT CALLED. More than 12 calls at once");
});
