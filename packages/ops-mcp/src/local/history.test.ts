import { expect, test } from "vitest";
import {
  bucketIncreases,
  covered,
  cpuPercent,
  gauge,
  increase,
  quantile,
  type Sample,
} from "./history.ts";

const span = { fromMs: 100_000, untilMs: 160_000 };

function sample(atMs: number, series: Record<string, number>, more: Partial<Sample> = {}): Sample {
  return {
    atMs,
    pid: 1,
    processStartMs: 0,
    cpuSeconds: undefined,
    memoryBytes: undefined,
    scraped: true,
    series: new Map(Object.entries(series)),
    ...more,
  };
}

test("a counter's increase is measured from the last sample before the window", () => {
  const samples = [sample(80_000, { c: 1 }), sample(98_000, { c: 10 }), sample(150_000, { c: 25 })];
  expect(increase(samples, "c", span)).toBe(15);
});

test("a counter that begins again counts from zero", () => {
  const samples = [sample(98_000, { c: 10 }), sample(120_000, { c: 4 }), sample(150_000, { c: 6 })];
  expect(increase(samples, "c", span)).toBe(6);
});

test("a new process counts from zero even when its counter is already higher", () => {
  const samples = [sample(98_000, { c: 10 }), sample(120_000, { c: 12 }, { pid: 2 })];
  expect(increase(samples, "c", span)).toBe(12);
});

test("a process that began inside the window counts from its beginning", () => {
  const samples = [sample(130_000, { c: 7 }, { processStartMs: 110_000 })];
  expect(increase(samples, "c", span)).toBe(7);
  expect(covered(samples, span)).toEqual({ fromMs: 110_000, untilMs: 130_000, whole: false });
});

test("one sample of an older process says nothing about an increase", () => {
  expect(increase([sample(130_000, { c: 7 })], "c", span)).toBeUndefined();
});

test("a scrape that failed is no reset", () => {
  const samples = [
    sample(98_000, { c: 10 }),
    sample(120_000, {}, { scraped: false }),
    sample(150_000, { c: 12 }),
  ];
  expect(increase(samples, "c", span)).toBe(2);
});

test("a label that appears later counts from zero", () => {
  const samples = [sample(98_000, { other: 1 }), sample(150_000, { other: 1, c: 3 })];
  expect(increase(samples, "c", span)).toBe(3);
});

test("the covered part is whole only when samples reach both ends", () => {
  const whole = [sample(98_000, {}), sample(158_000, {})];
  expect(covered(whole, span)?.whole).toBe(true);
  const late = [sample(130_000, {}), sample(158_000, {})];
  expect(covered(late, span)).toEqual({ fromMs: 130_000, untilMs: 158_000, whole: false });
  expect(covered([], span)).toBeUndefined();
});

test("a gauge is read inside the window", () => {
  const samples = [sample(50_000, { g: 1 }), sample(110_000, { g: 2 }), sample(120_000, { x: 1 })];
  expect(gauge(samples, "g", span)).toEqual([{ atMs: 110_000, value: 2 }]);
});

test("processor use is the time used between samples of one process", () => {
  const samples = [
    sample(100_000, {}, { cpuSeconds: 1 }),
    sample(110_000, {}, { cpuSeconds: 2 }),
    sample(110_200, {}, { cpuSeconds: 2.2 }),
    sample(120_000, {}, { cpuSeconds: 0.1, pid: 2 }),
    sample(130_000, {}, { cpuSeconds: 5.1, pid: 2 }),
  ];
  expect(cpuPercent(samples, span)).toEqual([
    { atMs: 110_000, value: 10 },
    { atMs: 130_000, value: 50 },
  ]);
});

test("quantiles come from the buckets' increases", () => {
  const at = (counts: readonly number[]) =>
    Object.fromEntries(
      ["0.01", "0.1", "+Inf"].map((le, index) => [`h_bucket{le="${le}"}`, counts[index] ?? 0]),
    );
  const samples = [sample(98_000, at([100, 100, 100])), sample(150_000, at([150, 200, 200]))];
  const buckets = bucketIncreases(samples, "h", span);
  expect(buckets.map(({ count }) => count)).toEqual([50, 100, 100]);
  expect(quantile(buckets, 0.5)).toBeCloseTo(0.01);
  expect(quantile(buckets, 0.75)).toBeCloseTo(0.055);
});

test("a quantile beyond the last bound is that bound, and of nothing there is none", () => {
  const beyond = [
    { upperBound: 1, count: 0 },
    { upperBound: Number.POSITIVE_INFINITY, count: 5 },
  ];
  expect(quantile(beyond, 0.5)).toBe(1);
  expect(quantile([], 0.5)).toBeUndefined();
});
