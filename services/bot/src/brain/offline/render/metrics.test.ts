import { expect, test } from "vitest";
import { gaugeSeries, metricsRead, windowOf } from "../../../testing/results.ts";
import { renderMetrics } from "./metrics.ts";

const messages = {
  kind: "messages",
  total: 1_234,
  fromPeople: 1_000,
  fromBots: 230,
  fromSystem: 4,
} as const;

test("a count comes first, in bold and without separators, with its parts and both instants", () => {
  const window = windowOf({
    fromMs: Date.parse("2026-11-22T10:25:00.125Z"),
    untilMs: Date.parse("2026-11-22T10:30:00.125Z"),
  });
  const text = renderMetrics(
    { outcome: "ok", data: metricsRead("messages", messages, { window }) },
    "en",
  );
  expect(text).toMatch(/^\*\*1234\*\* messages, this question included/);
  expect(text).toContain("people 1000 · bots 230 · system 4");
  expect(text).toContain("last 5 min, 2026-11-22 10:25:00.125 – 10:30:00.125 UTC");
});

test("a comparison follows without a second bold number", () => {
  const previous = { window: windowOf({}), reading: { ...messages, total: 7 } };
  const text = renderMetrics(
    { outcome: "ok", data: metricsRead("messages", messages, { previous }) },
    "zh",
  );
  expect(text.match(/\*\*\d+\*\*/g)).toEqual(["**1234**"]);
  expect(text).toContain("7 条消息（");
});

test("the percentile that was asked for stands first", () => {
  const reading = {
    kind: "latency",
    count: 9,
    p50Ms: 1,
    p95Ms: 2.5,
    p99Ms: null,
    p99Points: [],
  } as const;
  const text = renderMetrics({ outcome: "ok", data: metricsRead("send_latency", reading) }, "en", {
    percentile: "p95",
  });
  expect(text).toMatch(/^\*\*p95 2.5 ms\*\* · p50 1 ms · p99 – /);
});

test("samples that cover less than the window are told", () => {
  const reading = { kind: "gauge", unit: "count", series: [gaugeSeries("gateway", 3)] } as const;
  const covered = {
    from: "2026-11-22T10:20:00.000Z",
    until: "2026-11-22T10:30:00.000Z",
    whole: false,
  };
  const text = renderMetrics(
    { outcome: "ok", data: metricsRead("connections", reading, { covered }) },
    "en",
  );
  expect(text).toContain("**3** now");
  expect(text).toContain("samples cover only 10:20:00 – 10:30:00");
});

test("several services stand in a table, the highest first", () => {
  const series = [gaugeSeries("bot", 1024 ** 2), gaugeSeries("logic", 3 * 1024 ** 2)];
  const data = metricsRead("memory", { kind: "gauge", unit: "bytes", series });
  const text = renderMetrics({ outcome: "ok", data }, "en");
  expect(text.indexOf("| logic | 3.0 MiB")).toBeLessThan(text.indexOf("| bot | 1.0 MiB"));
});

test("no data is said, not shown as zero", () => {
  const reading = {
    kind: "latency",
    count: 0,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    p99Points: [],
  } as const;
  const data = metricsRead("send_latency", reading);
  expect(renderMetrics({ outcome: "no_data", causes: ["no_samples_yet"], data }, "en")).toContain(
    "no samples",
  );
  expect(renderMetrics({ outcome: "no_data", causes: ["not_measured"], data }, "zh")).toContain(
    "没有发送延迟的数据",
  );
});

test("a comparison without data is said", () => {
  const data = metricsRead("messages", messages);
  const text = renderMetrics({ outcome: "ok", data }, "en", { compared: true });
  expect(text).toContain("Nothing to compare with");
});

test("a service that a panel does not measure is told apart", () => {
  const reading = { kind: "gauge", unit: "count", series: [gaugeSeries("gateway", 3)] } as const;
  const data = metricsRead("connections", reading, { service: "gateway" });
  expect(renderMetrics({ outcome: "ok", data }, "en", { service: "mysql" })).toContain(
    "none of mysql",
  );
  expect(renderMetrics({ outcome: "ok", data }, "en", { service: "gateway" })).not.toContain(
    "Note",
  );
});

test("a table is introduced by what it means", () => {
  const idle = {
    kind: "gauge",
    unit: "count",
    series: [gaugeSeries("bot", 0), gaugeSeries("task", 0)],
  } as const;
  const quiet = { outcome: "ok", data: metricsRead("queue_lag", idle) } as const;
  expect(renderMetrics(quiet, "en")).toMatch(/^Nothing waits now: it keeps up\.\n\n\|/);
  expect(renderMetrics(quiet, "zh")).toMatch(/^现在没有积压，处理跟得上。\n\n\|/);

  const used = {
    ...idle,
    unit: "bytes",
    series: [gaugeSeries("bot", 1), gaugeSeries("task", 9)],
  } as const;
  const memory = { outcome: "ok", data: metricsRead("memory", used) } as const;
  expect(renderMetrics(memory, "en")).toMatch(/^\*\*task\*\* uses the most/);
});

test("restarts are said in words, and what to ask next is about the service that was restarted", () => {
  const restarts = (count: number) => ({
    outcome: "ok" as const,
    data: metricsRead("restarts", {
      kind: "restarts",
      services: [
        { service: "logic", restarts: count, lastExit: null },
        { service: "task", restarts: 0, lastExit: null },
      ],
    }),
  });
  expect(renderMetrics(restarts(0), "en")).toMatch(/^None has ended by itself/);
  expect(renderMetrics(restarts(2), "en")).toMatch(/^Restarted: logic\./);
  expect(renderMetrics(restarts(2), "zh")).toContain("接下来可以问：「logic 为什么重启」");
});

test.each([
  [1, "only what is on its way"],
  [400, "It grows: logic cannot keep up."],
])("of a rising outbox with %i events it is said: %s", (last, meaning) => {
  const series = [{ ...gaugeSeries("logic", last), trend: "rising" as const }];
  const reading = { kind: "gauge", unit: "count", series } as const;
  const data = metricsRead("outbox_backlog", reading);
  expect(renderMetrics({ outcome: "ok", data }, "en")).toContain(meaning);
});

test("a day alone is named, and this question is none of its messages", () => {
  const window = windowOf({
    fromMs: Date.parse("2026-11-21T00:00:00Z"),
    untilMs: Date.parse("2026-11-22T00:00:00Z"),
  });
  const data = metricsRead("messages", messages, { window });
  const text = renderMetrics({ outcome: "ok", data }, "en");
  expect(text).toContain("**1234** messages (people 1000");
  expect(text).toContain("Window: 2026-11-21, 2026-11-21 00:00:00.000 – 2026-11-22 00:00:00.000");
});
