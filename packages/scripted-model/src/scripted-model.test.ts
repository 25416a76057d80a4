import { afterEach, expect, test } from "vitest";
import type { Exchange } from "./exchange.ts";
import { callTool, openScriptedModel, rateLimited, ScriptMismatch, say } from "./index.ts";
import type { Reply } from "./reply.ts";
import type { ReplyOf } from "./script.ts";

let opened: AsyncDisposable | undefined;
afterEach(async () => {
  await opened?.[Symbol.asyncDispose]();
  opened = undefined;
});

async function open(script: readonly Exchange[] | ReplyOf, key?: string) {
  const model = await openScriptedModel(script, key === undefined ? {} : { key });
  opened = model;
  return model;
}

const tool = { name: "get_logs", description: "", input_schema: { type: "object" } };

function postTo(url: string, path: string, body: object, headers: Record<string, string> = {}) {
  return fetch(`${url}/${path}`, {
    method: "POST",
    headers: { "anthropic-version": "2023-06-01", ...headers },
    body: JSON.stringify(body),
  });
}

function anthropic(url: string, more: object = {}): Promise<Response> {
  const messages = [{ role: "user", content: "hello" }];
  return postTo(url, "messages", {
    model: "claude",
    max_tokens: 10,
    stream: true,
    messages,
    ...more,
  });
}

function openai(url: string, more: object = {}): Promise<Response> {
  const messages = [{ role: "user", content: "hello" }];
  return postTo(url, "chat/completions", { model: "llama", stream: true, messages, ...more });
}

test("both APIs say the same, in a stream and not otherwise", async () => {
  const { url } = await open(() => say("Good ", "morning"));
  expect(await (await anthropic(url)).text()).toContain(
    '"delta":{"type":"text_delta","text":"morning"}',
  );
  expect(await (await openai(url)).text()).toMatch(
    /"delta":\{"content":"morning"\}[\s\S]*\[DONE\]/,
  );
  for (const ask of [anthropic, openai]) {
    const whole = await ask(url, { stream: false });
    expect(whole.status).toBe(400);
    expect(await whole.text()).toContain("stream");
  }
});

test("a request that is not the expected one is shown as a difference", async () => {
  const model = await openScriptedModel([
    {
      expect: { conversation: ["user: hello", 'calls get_logs {"service":"logic"}', /^result/] },
      reply: say("never"),
    },
  ]);
  const response = await anthropic(model.url, {
    messages: [
      { role: "user", content: "hello" },
      {
        role: "assistant",
        content: [{ type: "tool_use", id: "1", name: "get_logs", input: { service: "task" } }],
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "1", content: "empty" }] },
    ],
    tools: [tool],
  });
  expect(response.status).toBe(400);
  await expect(model[Symbol.asyncDispose]()).rejects.toThrow(
    new ScriptMismatch(
      [
        "request 1 is not the expected one",
        "  conversation:",
        "      user: hello",
        '    - calls get_logs {"service":"logic"}',
        '    + calls get_logs {"service":"task"}',
        "      result: empty",
      ].join("\n"),
    ),
  );
});

test("a request that does not come is missed, and one too many is named", async () => {
  const missing = await openScriptedModel([{ reply: say("hi") }]);
  await expect(missing[Symbol.asyncDispose]()).rejects.toThrow("1 expected request(s)");
  const tooMany = await openScriptedModel([]);
  await openai(tooMany.url);
  await expect(tooMany[Symbol.asyncDispose]()).rejects.toThrow(/not expected[\s\S]*user: hello/);
});

test("what a function as script throws is thrown at the end", async () => {
  const model = await openScriptedModel(() => {
    throw new RangeError("thought too hard");
  });
  expect((await openai(model.url)).status).toBe(400);
  await expect(model[Symbol.asyncDispose]()).rejects.toThrow(RangeError);
});

test("tool calls come with their arguments in pieces", async () => {
  const { url } = await open(() => callTool("get_logs", { service: "gateway" }));
  const text = await (await openai(url)).text();
  const pieces = [...text.matchAll(/"arguments":"((?:[^"\\]|\\.)*)"/g)].map(([, piece]) => piece);
  expect(pieces.length).toBeGreaterThan(2);
  expect(JSON.parse(`"${pieces.join("")}"`)).toBe('{"service":"gateway"}');
});

test("a rate limit is told as each provider tells it", async () => {
  const { url } = await open(() => rateLimited("7"));
  const responses = [await anthropic(url), await openai(url)];
  for (const response of responses) {
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("7");
    expect(await response.json()).toMatchObject({ error: { type: "rate_limit_error" } });
  }
});

const malformed: Record<string, object> = {
  "no length": { max_tokens: undefined },
  "a temperature over 1": { temperature: 1.5 },
  "an empty text": { messages: [{ role: "user", content: " " }] },
  "a call without a result": {
    messages: [
      { role: "user", content: "hello" },
      { role: "assistant", content: [{ type: "tool_use", id: "1", name: "x", input: {} }] },
    ],
    tools: [tool],
  },
  "calls without tools": {
    messages: [
      { role: "user", content: "hello" },
      { role: "assistant", content: [{ type: "tool_use", id: "1", name: "x", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "1", content: "y" }] },
    ],
  },
};

test.each(Object.entries(malformed))("%s is refused as Anthropic does", async (_name, more) => {
  const { url, requests } = await open(() => say("never"));
  const response = await anthropic(url, more);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error" } });
  expect(requests).toEqual([]);
});

test("another key is refused", async () => {
  const { url } = await open(() => say("hi"), "right");
  const wrong = await postTo(url, "messages", {}, { "x-api-key": "wrong" });
  expect(wrong.status).toBe(401);
  const right = await postTo(
    url,
    "chat/completions",
    { model: "llama", stream: true, messages: [{ role: "user", content: "hello" }] },
    { authorization: "Bearer right" },
  );
  expect(right.status).toBe(200);
});

const breaks: Record<string, Reply> = {
  "a reset": { ...say("a", "b"), trouble: { kind: "reset", afterDeltas: 1 } },
  "a reset before any answer": { trouble: { kind: "reset" } },
};

test.each(Object.entries(breaks))("%s breaks the connection", async (_name, reply) => {
  const { url } = await open(() => reply);
  await expect(openai(url).then((one) => one.text())).rejects.toThrow();
});

test("a cut stream ends in good order, without its end", async () => {
  const { url } = await open(() => ({
    ...say("a", "b"),
    trouble: { kind: "cut", afterDeltas: 1 },
  }));
  const text = await (await openai(url)).text();
  expect(text).toContain('"content":"a"');
  expect(text).not.toMatch(/"content":"b"|DONE/);
});

test("a stall sends nothing more and closes nothing, until the server closes", async () => {
  const { url } = await open(() => ({ ...say("a"), trouble: { kind: "stall", afterDeltas: 1 } }));
  const signal = AbortSignal.timeout(10_000);
  const response = await fetch(`${url}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "x" }] }),
    signal,
  });
  const reader = response.body?.getReader();
  let text = "";
  while (!text.includes('"content":"a"')) {
    const read = await reader?.read();
    text += Buffer.from(read?.value ?? []).toString();
  }
  const next = reader?.read();
  await opened?.[Symbol.asyncDispose]();
  await expect(next).rejects.toThrow("terminated");
  expect(signal.aborted).toBe(false);
});
