import { expect, test } from "vitest";
import type { BrainMessage } from "../brain/model-port.ts";
import type { Exchange } from "./build-context.ts";
import { fitMessages, tokensOf } from "./fit-messages.ts";
import { mergeNames, namesIn } from "./names.ts";

const asked: BrainMessage = { role: "user", text: "and now?" };

function exchange(question: string, answer: string): Exchange {
  return [
    { role: "user", text: question },
    { role: "assistant", text: answer, toolCalls: [] },
  ];
}

function looked(id: string, text: string): BrainMessage[] {
  const call = { id, name: "get_logs", input: {} };
  return [
    { role: "assistant", text: "", toolCalls: [call] },
    { role: "tool", results: [{ call, outcome: "ok", text, data: { id } }] },
  ];
}

test("what fits stays as it is", () => {
  const before = [exchange("hi", "hello")];
  const messages = fitMessages({ before, asked, since: [], named: [], maxTokens: 10_000 });
  expect(messages).toEqual([...before.flat(), asked]);
});

test("300 turns in a window of 32,000 tokens keep what was named in the first", () => {
  const named = ["shop-api-7f9c", "10.1.2.3", "prod-eu"];
  const before = [
    exchange(`look at ${named.join(" and ")} please`, "done"),
    ...Array.from({ length: 300 }, (_, turn) =>
      exchange(`question ${turn} `.repeat(40), "answer ".repeat(60)),
    ),
  ];
  const messages = fitMessages({ before, asked, since: [], named: [], maxTokens: 32_000 });
  expect(tokensOf(messages)).toBeLessThanOrEqual(32_000);
  const question = messages.at(-1);
  for (const name of named) expect(question).toMatchObject({ text: expect.stringContaining(name) });
  expect(messages[0]?.role).toBe("user");
  expect(messages.length % 2).toBe(1);
});

test("older results become a line each before anything of the conversation goes", () => {
  const long = "a line of a log\n".repeat(2_000);
  const since = [...looked("1", long), ...looked("2", long)];
  const before = [exchange("hi", "hello")];
  const messages = fitMessages({ before, asked, since, named: [], maxTokens: 16_000 });
  const results = messages.flatMap((message) => (message.role === "tool" ? message.results : []));
  expect(results[0]).toMatchObject({
    text: "[get_logs: ok, 2001 lines, read before and left out for length]",
    data: { id: "1" },
  });
  expect(results[1]?.text).toBe(long);
  expect(messages[0]).toEqual({ role: "user", text: "hi" });
});

test("the question and some of the last results stay even where they do not fit", () => {
  const since = looked("1", "x".repeat(50_000));
  const messages = fitMessages({
    before: [exchange("hi", "hello")],
    asked,
    since,
    named: [],
    maxTokens: 100,
  });
  expect(messages.at(-1)).toMatchObject({
    results: [{ text: expect.stringMatching(/^x{400,}\n\[cut: .*\]\nx{100,}$/) }],
  });
  expect(messages[0]).toMatchObject({
    role: "user",
    text: expect.stringMatching(/left out.*and now\?$/s),
  });
});

test.each([
  ["show `payment worker` of pod shop-api-7f9c-x2", ["payment worker", "shop-api-7f9c-x2"]],
  ["看看「订单服务」和 10.0.0.7:8080", ["订单服务", "10.0.0.7:8080"]],
  ["is db.internal.example up? see #4711.", ["db.internal.example", "#4711"]],
  ["how are you today", []],
])("%s names %j", (text, names) => {
  expect(namesIn(text)).toEqual(names);
});

test("what is named again is named last, and old names go", () => {
  expect(mergeNames(["a", "b"], ["a"])).toEqual(["b", "a"]);
  const many = Array.from({ length: 80 }, (_, index) => `n${index}`);
  expect(mergeNames(["old"], many)).toHaveLength(60);
});

test("results that came together share the window, each with its beginning, its end and its marks", () => {
  const calls = ["a", "b", "c", "d"].map((id) => ({ id, name: "get_logs", input: {} }));
  const long = (id: string) =>
    `<mark-${id}>\nfirst ${id}\n${"a line of a log\n".repeat(1_400)}last ${id}\n</mark-${id}>`;
  const json = `<mark-d>\n{"first":"d"${',"x":1'.repeat(4_000)},"last":"d"}\n</mark-d>`;
  const texts = [long("a"), "<mark-b>\nshort\n</mark-b>", long("c"), json];
  const results = calls.map((call, index) => ({
    call,
    outcome: "ok" as const,
    text: texts[index] ?? "",
  }));
  const since: BrainMessage[] = [
    { role: "assistant", text: "", toolCalls: calls },
    { role: "tool", results },
  ];

  const messages = fitMessages({ before: [], asked, since, named: [], maxTokens: 10_000 });

  expect(tokensOf(messages)).toBeLessThanOrEqual(10_000);
  expect(tokensOf(messages)).toBeGreaterThan(8_000);
  const last = messages.at(-1);
  const shown = last?.role === "tool" ? last.results.map(({ text }) => text) : [];
  expect(shown[1]).toBe(texts[1]);
  expect(shown[0]).toMatch(/^<mark-a>\nfirst a\n.*Incomplete.*\nlast a\n<\/mark-a>$/s);
  expect(shown[3]).toMatch(/^<mark-d>\n\{"first":"d",.*Incomplete.*,"last":"d"\}\n<\/mark-d>$/s);
});

test("a result that is cut once more still names the artifact that has the whole", () => {
  const text = `${"head\n".repeat(3_000)}[cut: … The whole is artifact a-0123456789abcdef: …]\n${"tail\n".repeat(1_000)}`;

  const messages = fitMessages({
    before: [],
    asked,
    since: looked("1", text),
    named: [],
    maxTokens: 4_000,
  });

  expect(messages.at(-1)).toMatchObject({
    results: [{ text: expect.stringContaining("artifact a-0123456789abcdef") }],
  });
});
