import { once } from "node:events";
import { createServer } from "node:http";
import {
  badKey,
  callTool,
  callTools,
  type Exchange,
  hang,
  internalError,
  overloaded,
  type Reply,
  rateLimited,
  refuse,
  reset,
  say,
  tooLong,
} from "@resonance/scripted-model";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answered, brainRequest } from "../../testing/brain-request.ts";
import { openScriptedBrain } from "../../testing/scripted-brain.ts";
import { BrainError, type BrainErrorKind, type Usage } from "../model-port.ts";
import { compatibleModel } from "./provider-models.ts";

const signal = new AbortController().signal;
let stack: AsyncDisposableStack;
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

const names = ["anthropic", "openai-compatible"] as const;
const short = { firstTokenMs: 300, betweenTokensMs: 300, stepMs: 20_000 };
const replies = (...all: readonly Reply[]): Exchange[] => all.map((reply) => ({ reply }));

function status(code: number): Reply {
  const message = "Not now, says 10.4.7.11";
  return { trouble: { kind: "status", status: code, type: "api_error", message } };
}

async function failureOf(next: Promise<unknown>): Promise<BrainError> {
  const error = await next.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BrainError);
  // Asserted in the line above.
  return error as BrainError;
}

describe.each(names)("%s", (name) => {
  const open = (
    script: Parameters<typeof openScriptedBrain>[2],
    more: Parameters<typeof openScriptedBrain>[3] = {},
  ) => openScriptedBrain(stack, name, script, more);

  test("a question, a call, its result and the answer are one conversation", async () => {
    const { brain } = await open([
      {
        expect: {
          model: "scripted-1",
          system: "You are ops-bot.",
          conversation: [
            "user: gateway logs?\n\n[Asked at 2026-11-22T10:30:00Z, which in Asia/Shanghai is Sunday, 2026-11-22 18:30:00. Answer in English.]",
          ],
          tools: ["get_logs"],
          toolChoice: "auto",
        },
        reply: { ...callTool("get_logs", { service: "gateway" }), text: ["Let me ", "look."] },
      },
      {
        expect: {
          conversation: [
            /^user: gateway logs/,
            "assistant: Let me look.",
            'calls get_logs {"service":"gateway"}',
            "result: 3 lines",
          ],
        },
        reply: {
          ...say("All ", "quiet."),
          usage: { inputTokens: 900, outputTokens: 7, cachedInputTokens: 800 },
        },
      },
    ]);
    const heard: string[] = [];
    const request = brainRequest("gateway logs?", { onText: (delta) => heard.push(delta) });
    const first = await brain.next(request, signal);
    expect(first).toMatchObject({
      text: "Let me look.",
      finish: "tool_calls",
      toolCalls: [{ name: "get_logs", input: { service: "gateway" } }],
    });
    const messages = answered(request.messages, first, { outcome: "ok", text: "3 lines" });
    expect(await brain.next({ ...request, messages }, signal)).toEqual({
      text: "All quiet.",
      toolCalls: [],
      finish: "answer",
      usage: { inputTokens: 900, outputTokens: 7, cachedInputTokens: 800 },
    });
    expect(heard).toEqual(["Let me ", "look.", "All ", "quiet."]);
  });

  test("several calls in one step keep their order, and get their results in it", async () => {
    const { brain } = await open([
      {
        reply: callTools(
          { name: "get_logs", input: { service: "gateway" } },
          { name: "get_logs", input: { service: "logic" } },
        ),
      },
      {
        expect: {
          conversation: [
            /^user/,
            'calls get_logs {"service":"gateway"}',
            'calls get_logs {"service":"logic"}',
            "result: empty",
            "result: empty",
          ],
        },
        reply: say("nothing"),
      },
    ]);
    const request = brainRequest("errors?");
    const step = await brain.next(request, signal);
    const ids = step.toolCalls.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    const messages = answered(request.messages, step, { outcome: "no_data", text: "empty" });
    await brain.next({ ...request, messages }, signal);
  });

  test("ids that a model uses again are made unique", async () => {
    const again = callTools({ id: "call_0", name: "get_logs", input: { service: "task" } });
    const { brain } = await open(replies(again, again));
    const request = brainRequest("errors?");
    const first = await brain.next(request, signal);
    const messages = answered(request.messages, first, { outcome: "ok", text: "x" });
    const second = await brain.next({ ...request, messages }, signal);
    expect(second.toolCalls[0]?.id).not.toBe(first.toolCalls[0]?.id);
  });

  test("without tools the answer comes in words, whatever the model wants", async () => {
    const { brain, model } = await open([
      { reply: callTool("get_logs", { service: "gateway" }) },
      {
        expect: { toolChoice: "none" },
        reply: { ...callTool("get_logs", {}), text: ["This is all."] },
      },
    ]);
    const request = brainRequest("errors?");
    const step = await brain.next(request, signal);
    const messages = answered(request.messages, step, { outcome: "ok", text: "x" });
    const last = await brain.next({ ...request, messages, tools: [] }, signal);
    expect(last).toMatchObject({ text: "This is all.", toolCalls: [], finish: "answer" });
    expect(model.requests[1]?.entries).toHaveLength(3);
  });

  test("arguments that are no JSON are handed over as they are, and told back", async () => {
    const { brain } = await open([
      { reply: callTool("get_logs", '{"service": "gate') },
      {
        expect: {
          conversation: [
            /^user/,
            'calls get_logs {"invalid_arguments":"{\\"service\\": \\"gate"}',
            /^(error|result): not valid$/,
          ],
        },
        reply: say("sorry"),
      },
    ]);
    const request = brainRequest("errors?");
    const step = await brain.next(request, signal);
    expect(step.toolCalls[0]?.input).toBe('{"service": "gate');
    const messages = answered(request.messages, step, { outcome: "error", text: "not valid" });
    await brain.next({ ...request, messages }, signal);
  });

  test("a refusal is a step of its own", async () => {
    const { brain } = await open(replies(refuse("I cannot help with that.")));
    expect(await brain.next(brainRequest("x"), signal)).toMatchObject({
      finish: "refused",
      toolCalls: [],
    });
  });

  test("an answer that is cut off at its length says so", async () => {
    const { brain } = await open(replies({ ...say("It began"), end: "length" }));
    const step = await brain.next(brainRequest("x"), signal);
    expect(step).toMatchObject({ finish: "length", text: "It began" });
  });

  const passing: Record<string, readonly Reply[]> = {
    "429 with retry-after": [rateLimited("0"), say("ok")],
    "529": [overloaded(), say("ok")],
    "500, three times": [internalError(), internalError(), internalError(), say("ok")],
    "a reset": [reset(), say("ok")],
    "a reset in mid-stream": [
      { ...say("o"), trouble: { kind: "reset", afterDeltas: 1 } },
      say("ok"),
    ],
    "a cut stream": [{ ...say("o", "x"), trouble: { kind: "cut", afterDeltas: 1 } }, say("ok")],
    "a cut stream before any text": [
      { ...say("o"), trouble: { kind: "cut", afterDeltas: 0 } },
      say("ok"),
    ],
    "an overload told inside the stream": [
      {
        ...say("o"),
        trouble: {
          kind: "error_event",
          afterDeltas: 1,
          type: "overloaded_error",
          message: "Overloaded",
        },
      },
      say("ok"),
    ],
    "a page of a proxy": [{ trouble: { kind: "page", status: 502 } }, say("ok")],
    "a page where a stream should be": [{ trouble: { kind: "page", status: 200 } }, say("ok")],
  };

  test.each(Object.entries(passing))("%s is tried again", async (_trouble, all) => {
    const { brain } = await open(replies(...all));
    let heard = "";
    const request = brainRequest("x", {
      onText: (delta) => {
        heard += delta;
      },
      onRestart: () => {
        heard = "";
      },
    });
    expect(await brain.next(request, signal)).toMatchObject({ text: "ok", finish: "answer" });
    expect(heard).toBe("ok");
  });

  const staying: readonly [string, Reply, BrainErrorKind, number][] = [
    ["429", rateLimited("0"), "busy", 4],
    ["429 that asks for an hour", rateLimited("3600"), "busy", 1],
    ["429 until a date", rateLimited(new Date(Date.now() + 3_600_000).toUTCString()), "busy", 1],
    ["408", status(408), "timed_out", 4],
    ["409", status(409), "busy", 4],
    ["503", status(503), "busy", 4],
    ["504", status(504), "timed_out", 4],
    ["404", status(404), "failed", 1],
    ["422", status(422), "failed", 1],
    ["529", overloaded(), "busy", 4],
    ["500", internalError(), "failed", 4],
    ["a reset", reset(), "offline", 4],
    ["a wrong key", badKey(), "key_problem", 1],
    ["a context that is too long", tooLong(), "too_long", 1],
    ["a model that ends without a word", say(), "failed", 1],
  ];

  test.each(staying)("%s ends as its kind of error", async (_trouble, reply, kind, times) => {
    const { brain, model } = await open(() => reply);
    const error = await failureOf(brain.next(brainRequest("x"), signal));
    expect(error.kind).toBe(kind);
    expect(model.requests).toHaveLength(times);
    expect(error.message).not.toMatch(/4711|sk-|10\.4/);
  });

  const silent: readonly [string, Reply][] = [
    ["a model that hangs", hang()],
    ["90 s to the first token", { ...say("at last"), firstTokenAfterMs: 90_000 }],
    ["90 s to the headers", { ...say("at last"), waitMs: 90_000 }],
    ["a stall in mid-stream", { ...say("so", "far"), trouble: { kind: "stall", afterDeltas: 1 } }],
    ["1 byte/s", { ...say("so"), trouble: { kind: "trickle", bytesPerSecond: 1 } }],
  ];

  test.each(silent)("%s is waited for no longer than the limit, once", async (_trouble, reply) => {
    const { brain, model } = await open(() => reply, { limits: short });
    const error = await failureOf(brain.next(brainRequest("x"), signal));
    expect(error.kind).toBe("timed_out");
    expect(model.requests).toHaveLength(1);
  });

  test("tokens that trickle in break the limit of the whole step", async () => {
    const reply = { ...say(..."abcdefghijklmnopqrstuvwxyz"), betweenTokensMs: 100 };
    const { brain } = await open(() => reply, { limits: { ...short, stepMs: 500 } });
    const error = await failureOf(brain.next(brainRequest("x"), signal));
    expect(error.kind).toBe("timed_out");
    expect(error.partialText).toMatch(/^abc?/);
  });

  test("thinking counts as a token, and a wait within the limit is waited for", async () => {
    const { brain } = await open(
      replies({ ...say("thought"), thinking: "hm", firstTokenAfterMs: 90_000 }),
      { timeScale: 0.001 },
    );
    expect(await brain.next(brainRequest("x"), signal)).toMatchObject({ text: "thought" });
  });

  test("the longest partial text is kept when no try succeeds", async () => {
    const cut = (...text: string[]): Reply => ({
      ...say(...text, "never"),
      trouble: { kind: "cut", afterDeltas: text.length },
    });
    const { brain } = await open(replies(cut("The gateway", " is"), cut("The"), reset(), reset()));
    const error = await failureOf(brain.next(brainRequest("x"), signal));
    expect(error).toMatchObject({ kind: "offline", partialText: "The gateway is" });
  });

  test.each([
    ["a cut stream", { ...say("so", "far"), trouble: { kind: "cut", afterDeltas: 1 } }, 4, 1],
    ["a stall", { ...say("so", "far"), trouble: { kind: "stall", afterDeltas: 1 } }, 1, 1],
    ["a model that hangs", hang(), 1, 0],
  ] as [string, Reply, number, number][])(
    "what %s has cost is told of each try, estimated where nothing was reported",
    async (_trouble, reply, times, outputTokens) => {
      const lost: Usage[] = [];
      const { brain } = await open(() => reply, { limits: short });
      const request = brainRequest("why ".repeat(750), { onLost: (usage) => lost.push(usage) });

      await failureOf(brain.next(request, signal));

      expect(lost).toHaveLength(times);
      for (const usage of lost) {
        expect(usage).toMatchObject({ outputTokens, cachedInputTokens: 0 });
        expect(usage.inputTokens).toBeGreaterThan(1_000);
        expect(usage.inputTokens).toBeLessThan(1_500);
      }
    },
  );

  test("of a model that ends without a word, what it reports is told", async () => {
    const usage = { inputTokens: 90, outputTokens: 7, cachedInputTokens: 80 };
    const lost: Usage[] = [];
    const { brain } = await open(() => ({ ...say(), usage }));

    await failureOf(brain.next(brainRequest("x", { onLost: (one) => lost.push(one) }), signal));

    expect(lost).toEqual([usage]);
  });

  test.each([
    ["429", rateLimited("0")],
    ["500", internalError()],
    ["a wrong key", badKey()],
    ["a reset", reset()],
  ])("%s has cost nothing", async (_trouble, reply) => {
    const lost: Usage[] = [];
    const { brain } = await open(() => reply);

    await failureOf(brain.next(brainRequest("x", { onLost: (one) => lost.push(one) }), signal));

    expect(lost).toEqual([]);
  });

  test("retry-after is honoured", async () => {
    const { brain } = await open(replies(rateLimited("1"), say("ok")));
    const startedAtMs = performance.now();
    await brain.next(brainRequest("x"), signal);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(990);
  });

  test.each([
    ["while it waits for the model", hang(), 1],
    ["between tries", rateLimited("15"), 0],
    ["in mid-stream", { ...say("a"), trouble: { kind: "stall", afterDeltas: 1 } } as Reply, 1],
  ])("aborted %s it throws the signal's reason", async (_when, reply, lostTries) => {
    const lost: Usage[] = [];
    const stop = new AbortController();
    const reason = new Error("cancelled");
    const { brain, model } = await open(() => reply);
    const request = brainRequest("x", { onLost: (usage) => lost.push(usage) });
    const next = brain.next(request, stop.signal);
    next.catch(() => undefined);
    await expect.poll(() => model.requests.length).toBe(1);
    stop.abort(reason);
    await expect(next).rejects.toBe(reason);
    expect(lost).toHaveLength(lostTries);
  });

  test("what is asked twice is asked alike, and the marks of caches are in their places", async () => {
    const { brain, model } = await open(() => say("ok"));
    await brain.next(brainRequest("x", { system: "Same." }), signal);
    const later = brainRequest("y", { system: "Same." });
    await brain.next(later, signal);
    const [one, other] = model.requests;
    expect(one?.tools).toEqual(other?.tools);
    expect(one?.system).toBe(other?.system);
    expect(one?.cacheMarks).toEqual(name === "anthropic" ? ["system", 0] : []);
  });

  test("a history that begins in the middle begins with a person", async () => {
    const { brain, model } = await open(() => say("ok"));
    await brain.next(
      brainRequest("x", {
        messages: [
          { role: "assistant", text: "as I said", toolCalls: [] },
          { role: "user", text: "before" },
          { role: "assistant", text: "", toolCalls: [] },
          { role: "user", text: "x" },
        ],
      }),
      signal,
    );
    expect(model.requests[0]?.entries.map(({ kind }) => kind)).toEqual(["user", "user"]);
  });

  test("the key is sent", async () => {
    const { brain, model } = await open(() => say("ok"), { key: "key-1" });
    await brain.next(brainRequest("x"), signal);
    expect(model.requests).toHaveLength(1);
  });
});

test("Claude reads again what it thought before a call", async () => {
  const { brain } = await openScriptedBrain(stack, "anthropic", [
    { reply: { ...callTool("get_logs", { service: "gateway" }), thinking: "logs first" } },
    {
      expect: {
        conversation: [
          /^user/,
          "thinking: logs first",
          'calls get_logs {"service":"gateway"}',
          "result: x",
        ],
      },
      reply: say("ok"),
    },
  ]);
  const request = brainRequest("errors?");
  const step = await brain.next(request, signal);
  const messages = answered(request.messages, step, { outcome: "ok", text: "x" });
  await brain.next({ ...request, messages }, signal);
});

test("a redirect is not followed", async () => {
  const elsewhere = await openScriptedBrain(stack, "openai-compatible", () => say("leaked"));
  const server = createServer((_request, response) => {
    response.writeHead(307, { location: `${elsewhere.model.url}/chat/completions` }).end();
  }).listen(0, "127.0.0.1");
  stack.defer(() => void server.close());
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/v1`;
  const { brain } = await openScriptedBrain(stack, "openai-compatible", [], {
    model: compatibleModel({ model: "m", url, key: "" }),
  });
  await failureOf(brain.next(brainRequest("x"), signal));
  expect(elsewhere.model.connections()).toBe(0);
});
