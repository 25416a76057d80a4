import type { PanelReading } from "@resonance/ops-mcp";
import { expect, test } from "vitest";
import { metricsRead, windowOf } from "../../../testing/results.ts";
import { renderSending } from "./sending.ts";

function latency(p95Ms: number): Extract<PanelReading, { kind: "latency" }> {
  return { kind: "latency", count: 40, p50Ms: 5, p95Ms, p99Ms: 2 * p95Ms, p99Points: [] };
}
function outcomesOf(failed: number): PanelReading {
  return { kind: "outcomes", ok: 40 - failed, failed, refused: 0, errorRatio: failed / 40 };
}
const outcomes = outcomesOf(0);

function told(p95Ms: number, beforeMs?: number): string {
  const previous =
    beforeMs === undefined ? null : { window: windowOf({}), reading: latency(beforeMs) };
  return renderSending(
    { outcome: "ok", data: metricsRead("send_latency", latency(p95Ms), { previous }) },
    { outcome: "ok", data: metricsRead("error_rate", outcomes) },
    "en",
  );
}

test("figures come first, then what they mean, then where else to look", () => {
  const text = told(40, 30);
  expect(text).toMatch(/^Sends \(last 1 h, measured in Logic\): \*\*p50 5 ms · p95 40 ms/);
  expect(text).toContain(
    "over 40, 0 of them failed. In the time before of equal length: p95 30 ms.",
  );
  expect(text).toContain("is not slow as far as Logic goes.");
  expect(text).toContain('You could ask next: "is the queue backing up?"');
});

test("what people notice is called slow", () => {
  expect(told(400)).toContain("That is slow");
});

test("twice the time of before is said, though nobody notices it yet", () => {
  expect(told(90, 30)).toContain("more than twice what it was");
});

test("what the samples do not cover is said", () => {
  const covered = { from: "2026-11-22T10:29:00Z", until: "2026-11-22T10:30:00Z", whole: false };
  const text = renderSending(
    { outcome: "ok", data: metricsRead("send_latency", latency(5), { covered }) },
    { outcome: "ok", data: metricsRead("error_rate", outcomes) },
    "en",
  );
  expect(text).toContain("Note: samples cover only 10:29:00 – 10:30:00");
});

test("without a measurement nothing is concluded", () => {
  const nothing = { outcome: "no_data", causes: ["no_samples_yet"] } as const;
  const data = metricsRead("send_latency", latency(1));
  const text = renderSending({ ...nothing, data }, { ...nothing, data }, "zh");
  expect(text).toBe("这段时间没有测到发送的延迟，所以发送慢不慢我说不准。");
});

function toldOf(reading: PanelReading, failed: number): string {
  return renderSending(
    { outcome: "ok", data: metricsRead("send_latency", reading) },
    { outcome: "ok", data: metricsRead("error_rate", outcomesOf(failed)) },
    "en",
  );
}

test("sends that failed are told before how fast the others were", () => {
  const text = toldOf(latency(10), 3);
  expect(text).toContain("3 sends were not stored at that try");
  expect(text).toContain('You could ask next: "warnings of gateway in the last hour"');
});

test("a hold-up that only the slowest sends show is not called fast", () => {
  const text = toldOf({ ...latency(16), p99Ms: 5_000 }, 0);
  expect(text).toContain("the slowest one in a hundred takes 5000 ms or more");
  expect(text).not.toContain("is not slow");
});
