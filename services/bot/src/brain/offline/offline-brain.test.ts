import type { ToolInput, ToolName, ToolOutput } from "@resonance/ops-mcp";
import { expect, test } from "vitest";
import type { Question } from "../../question.ts";
import { answerByRules } from "../../testing/ask-offline.ts";
import { questionOf } from "../../testing/question-of.ts";
import {
  gaugeSeries,
  logLine,
  logsFound,
  metricsRead,
  serviceRow,
  windowOf,
} from "../../testing/results.ts";
import type { ToolCall } from "../../tools/tool-source.ts";
import type { BrainMessage } from "../model-port.ts";
import { offlineBrain } from "./offline-brain.ts";

const signal = new AbortController().signal;

type Results = { [Name in ToolName]: (input: ToolInput<Name>) => ToolOutput<Name> };

/** A toolbox that answers from memory and keeps what it was asked. */
function toolboxOf(results: Partial<Results> = {}) {
  const calls: { name: ToolName; input: unknown }[] = [];
  const all: Partial<Results> = {
    list_services: () => ({
      outcome: "ok",
      data: {
        at: "2026-11-22T10:30:00.000Z",
        totals: { running: 2, restarting: 0, stopped: 0, down: 0 },
        services: [serviceRow("gateway"), serviceRow("logic")],
      },
    }),
    get_logs: () => ({ outcome: "ok", data: logsFound([logLine("10:00:00.000Z INFO hello")]) }),
    get_metrics: ({ panel }) => ({
      outcome: "ok",
      data: metricsRead(panel ?? null, {
        kind: "gauge",
        unit: "count",
        series: [gaugeSeries("gateway", 3)],
      }),
    }),
    ...results,
  };
  const call = (name: ToolName, input: never) => {
    calls.push({ name, input });
    const result: ((input: never) => ToolOutput<ToolName>) | undefined = all[name];
    if (!result) throw new TypeError(`no result for ${name}`);
    return result(input);
  };
  return { call, calls };
}

function answerOf(question: Question, call: ReturnType<typeof toolboxOf>["call"]) {
  const resultOf = async (wanted: ToolCall) => {
    // The rules ask for tools of ours alone, with input of their types.
    const data = call(wanted.name as ToolName, wanted.input as never);
    return { call: wanted, outcome: data.outcome, text: "", data };
  };
  return answerByRules(question, resultOf, signal);
}

async function ask(text: string, results: Partial<Results> = {}) {
  const { call, calls } = toolboxOf(results);
  const answer = await answerOf(questionOf(text), call);
  return { answer, calls };
}

test("「帮我查看 Gateway 的日志」 reads the gateway's log and shows its lines", async () => {
  const { answer, calls } = await ask("帮我查看 Gateway 的日志");
  expect(calls).toEqual([{ name: "get_logs", input: { service: "gateway" } }]);
  expect(answer).toContain("10:00:00.000Z INFO hello");
  expect(answer).toMatch(/日志/);
});

test("a count of messages is asked for exactly the window that was named", async () => {
  const { calls } = await ask("how many messages were sent in the last 5 minutes");
  expect(calls).toEqual([
    { name: "get_metrics", input: { panel: "messages", since: "5m", compare: false } },
  ]);
});

test("everything that was said reaches the tool", async () => {
  const { calls } = await ask(
    "logic 从 14:00 开始包含 timeout、不含 ping 的 error 日志,最后 20 行",
  );
  expect(calls[0]?.input).toEqual({
    service: "logic",
    since: "14:00",
    level: "error",
    include: "timeout",
    exclude: "ping",
    limit: 20,
  });
});

test("more lines than the tool gives are asked for as many as it gives", async () => {
  const { calls } = await ask("last 5000 lines of gateway");
  expect(calls[0]?.input).toMatchObject({ limit: 500 });
});

test("logs without a service are asked back, errors are looked for everywhere", async () => {
  expect(await ask("show me logs")).toMatchObject({
    calls: [],
    answer: expect.stringContaining("Which service"),
  });
  const { calls } = await ask("any errors?");
  expect(calls.map(({ name }) => name)).toEqual(["list_services", "get_logs", "get_logs"]);
});

test("a request to restart becomes a call that is only ever proposed", async () => {
  const { answer, calls } = await ask("重启 gateway", {
    // What the loop says of a proposal stands in the place of the tool's output.
    restart_service: (() => ({ proposal: "k3x9pq" })) as never,
  });
  expect(calls).toEqual([
    { name: "restart_service", input: { service: "gateway", reason: "重启 gateway" } },
  ]);
  expect(answer).toContain("k3x9pq");
  expect(answer).toContain("管理员批准后才会执行");
});

test("what is not understood is said, with examples, and that no model is configured", async () => {
  const { answer, calls } = await ask("tell me a joke");
  expect(calls).toEqual([]);
  expect(answer).toContain("did not understand");
  expect(answer).toContain("No language model is configured");
});

test("a question after health is one diagnosis, of the service and window that were named", async () => {
  const { answer, calls } = await ask("最近半小时 gateway 怎么样", {
    diagnose: () => ({
      outcome: "ok",
      data: {
        at: "2026-11-22T10:30:00.000Z",
        service: "gateway",
        window: windowOf({}),
        findings: [],
        looks: [{ what: "services", at: ["gateway"] }],
      },
    }),
  });
  expect(calls).toEqual([{ name: "diagnose", input: { service: "gateway", since: "30m" } }]);
  expect(answer).toContain("没有发现异常");
  expect(answer).toContain("按规则检查了：进程（gateway）");
});

test("where no fault is found, what is no plain question after health is not answered by that", async () => {
  const looks = [{ what: "services" as const, at: ["gateway"] }];
  const data = { at: "", service: null, window: windowOf({}), findings: [], looks };
  const results = { diagnose: () => ({ outcome: "ok" as const, data }) };
  expect((await ask("why can't people upload pictures", results)).answer).toContain(
    "That may not answer what you asked: `why can't people upload pictures`.",
  );
  expect((await ask("is anything wrong?", results)).answer).toMatch(/^Nothing is wrong as far/);
});

test.each(["when did gateway last restart?", "gateway 上次什么时候重启的"])(
  "%s is answered with for how long it has run, and the count",
  async (text) => {
    const { answer, calls } = await ask(text);
    expect(calls.map(({ name }) => name)).toEqual(["get_metrics", "list_services"]);
    expect(answer).toMatch(/^(?:The process that is there now has run for|当前的进程已经运行了)/);
  },
);

test.each(["since when is gateway running", "uptime of gateway"])(
  "%s is answered first with for how long it has run",
  async (text) => {
    const none = () =>
      ({ outcome: "error", cause: "not_configured", message: "", near: [] }) as never;
    const { answer } = await ask(text, { diagnose: none });
    expect(answer).toMatch(/^The process that is there now has run for: \*\*gateway\*\* 1 min\./);
  },
);

test("a diagnosis of a time that is over is of that time, and so are the figures of sending", async () => {
  const window = { since: "14:00", until: "14:30" };
  const none = () =>
    ({ outcome: "error", cause: "not_configured", message: "", near: [] }) as never;
  const { calls } = await ask("why was sending slow between 14:00 and 14:30", {
    diagnose: none,
    get_metrics: none,
  });
  expect(calls).toEqual([
    { name: "diagnose", input: window },
    { name: "get_metrics", input: { panel: "send_latency", ...window, compare: true } },
    { name: "get_metrics", input: { panel: "error_rate", ...window } },
  ]);
});

test("commands go through the same tools", async () => {
  const { calls } = await ask("/logs gateway --since 30m --level warn");
  expect(calls).toEqual([
    { name: "get_logs", input: { service: "gateway", since: "30m", level: "warn" } },
  ]);
});

test("an unknown command is answered with the nearest", async () => {
  expect((await ask("/log gateway")).answer).toContain("`/logs`");
});

test("a follow-up goes on with what the same person asked before", async () => {
  const { call, calls } = toolboxOf();
  const askedAtMs = questionOf("").askedUntilMs - 60_000;
  const earlier = [
    { text: "gateway errors in the last 30 minutes", askedAtMs },
    { text: "tell me a joke", askedAtMs },
  ];
  await answerOf(questionOf("what about logic?", { earlier }), call);
  await answerOf(questionOf("what about logic?"), call);
  expect(calls.map(({ input }) => input)).toEqual([
    { service: "logic", since: "30m", level: "error" },
  ]);
});

test("what was asked long ago is forgotten", async () => {
  const { call, calls } = toolboxOf();
  const earlier = [{ text: "gateway errors", askedAtMs: 0 }];
  await answerOf(questionOf("what about logic?", { earlier }), call);
  expect(calls).toEqual([]);
});

test("rules that run out of steps say so", async () => {
  const question = questionOf("any errors?");
  const messages: BrainMessage[] = [{ role: "user", text: question.text }];
  const step = await offlineBrain.next(
    { system: "", question, messages, tools: [], maxOutputTokens: 100, onText: () => undefined },
    signal,
  );
  expect(step).toMatchObject({ finish: "answer", text: expect.stringContaining("stopped") });
});

test("an order to restart that leaves open which service is asked back, and nothing is called", async () => {
  for (const text of ["重启 logic 和 task", "restart it"]) {
    const { answer, calls } = await ask(text);
    expect(answer).toMatch(/想重启哪个服务|Which service shall be restarted/);
    expect(calls).toEqual([]);
  }
  expect((await ask("restart my laptop")).answer).toMatch(/did not understand/);
});

test("an order to restart what was asked about is proposed, unless that is long ago or several", async () => {
  const { call, calls } = toolboxOf();
  const restarts: unknown[] = [];
  const calling: typeof call = (name, input) => {
    if (name !== "restart_service") return call(name, input);
    restarts.push(input);
    return { outcome: "ok", data: undefined } as never;
  };
  const nowMs = questionOf("").askedUntilMs;
  const said = (...texts: string[]) =>
    texts.map((text, index) => ({ text, askedAtMs: nowMs - 60_000 * (texts.length - index) }));
  const order = async (earlier: ReturnType<typeof said>) =>
    await answerOf(questionOf("那就重启吧", { earlier }), calling);

  expect(await order(said("gateway 怎么样", "谢谢"))).toContain("没有改变");
  expect(await order([{ text: "gateway 怎么样", askedAtMs: nowMs - 16 * 60_000 }])).toContain(
    "想重启哪个服务",
  );
  // What was not understood has named another one all the same.
  expect(await order(said("重启 logic 和 task", "gateway 怎么样"))).toContain(
    "刚才说到的有 `logic`、`task`、`gateway`",
  );

  expect(restarts).toEqual([{ service: "gateway", reason: "那就重启吧" }]);
  expect(calls).toEqual([]);
});

test("two questions in one are both answered, and a call that both need is made once", async () => {
  const { answer, calls } = await ask("有哪些服务？哪些服务有报错");

  expect(calls.filter(({ name }) => name === "list_services")).toHaveLength(1);
  expect(new Set(calls.map(({ name }) => name))).toEqual(new Set(["list_services", "get_logs"]));
  expect(answer.split("\n\n---\n\n")).toHaveLength(2);
});

test.each([
  "yes",
  "go ahead",
  "approve it",
  "no",
  "never mind",
  "好的",
  "同意",
  "算了",
  "取消重启",
])("%s after an order to restart decides nothing, and is told where that is done", async (text) => {
  const { call, calls } = toolboxOf();
  const askedAtMs = questionOf("").askedUntilMs - 60_000;
  const earlier = [{ text: "restart gateway", askedAtMs }];
  const answer = await answerOf(questionOf(text, { earlier }), call);
  expect(answer).toContain("`/proposals`");
  expect(answer).toContain("`/approve");
  expect(calls).toEqual([]);
});

test("yes to nothing is an ordinary word", async () => {
  expect((await ask("yes")).answer).toMatch(/^I am here/);
});

test("a day alone ends where today begins", async () => {
  const { calls } = await ask("errors of gateway yesterday");
  expect(calls).toMatchObject([{ input: { since: "yesterday", until: "today" } }]);
});
