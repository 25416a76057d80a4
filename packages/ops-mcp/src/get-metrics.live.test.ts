import { afterEach, beforeEach, expect, test } from "vitest";
import { callTool, type OpsDeps, opsTools, type ToolInput, toolText } from "./index.ts";
import { depsOf, openAnswering } from "./testing/index.ts";

const now = Date.parse("2026-11-26T12:00:00.000Z");
let stack: AsyncDisposableStack;
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

/** Prometheus with series that rise by one a point, and that gives as many points as it likes. */
async function openRising(names: readonly string[], pointsOf: (steps: number) => number) {
  const asked: number[] = [];
  const prometheus = await openAnswering("Prometheus", (request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://prometheus");
    const [start, end, step] = ["start", "end", "step"].map((key) => Number(searchParams.get(key)));
    const steps = Math.floor(((end ?? 0) - (start ?? 0)) / (step ?? 1)) + 1;
    asked.push(steps);
    const length = pointsOf(steps);
    const values = Array.from({ length }, (_, index) => [
      (start ?? 0) + (index * ((end ?? 0) - (start ?? 0))) / (length - 1),
      String(index + 1),
    ]);
    const result = names.map((service) => ({ metric: { service }, values }));
    response.end(JSON.stringify({ data: { resultType: "matrix", result } }));
  });
  return { prometheus: stack.use(prometheus), asked };
}

async function read(deps: OpsDeps, input: ToolInput<"get_metrics">) {
  const signal = AbortSignal.timeout(20_000);
  const result = await callTool(deps, opsTools.get_metrics, input, signal);
  if (result.outcome !== "ok") throw new Error(JSON.stringify(result));
  return { ...result.data, text: toolText(opsTools.get_metrics, result) };
}

/** How many values stand in each line of points. */
function pointsIn(text: string): number[] {
  return [...text.matchAll(/points from \S+Z to \S+Z: (.+)$/gm)].map(
    ([, values = ""]) => values.split(" ").length,
  );
}

test.each(["1m", "1h", "36h", "30d"])(
  "over %s the server widens the step to 120 points, of which a model gets 24 at most",
  async (since) => {
    const { prometheus, asked } = await openRising(["gateway", "logic"], (steps) => steps);

    const { reading, text } = await read(depsOf({ prometheus }, { nowMs: () => now }), {
      query: "up",
      since,
    });

    if (reading.kind !== "series") throw new Error(reading.kind);
    const [steps = 0] = asked;
    expect(steps).toBeLessThanOrEqual(120);
    expect(reading.series.map(({ points }) => points.length)).toEqual([steps, steps]);
    const counts = pointsIn(text);
    expect(counts).toHaveLength(2);
    for (const count of counts) expect(count).toBeLessThanOrEqual(24);
    const mean = (steps + 1) / 2;
    for (const name of ["gateway", "logic"]) {
      expect(text).toContain(
        `${name}: last ${steps}, min 1, mean ${mean}, max ${steps}, trend rising`,
      );
    }
  },
);

test("a source that gives more points than it was asked for changes nothing of that", async () => {
  const { prometheus } = await openRising(["gateway"], () => 10_000);

  const { reading, text } = await read(depsOf({ prometheus }, { nowMs: () => now }), {
    panel: "memory",
  });

  if (reading.kind !== "series") throw new Error(reading.kind);
  expect(reading.series[0]?.points.length).toBeLessThanOrEqual(120);
  expect(pointsIn(text)).toEqual([24]);
  expect(text).toContain("gateway: last 10000, min 1, mean 5001, max 10000 bytes, trend rising");
});

test("of more than five series a model gets the numbers and no points", async () => {
  const names = Array.from({ length: 30 }, (_, index) => `service-${index}`);
  const { prometheus } = await openRising(names, (steps) => steps);

  const { text } = await read(depsOf({ prometheus }, { nowMs: () => now }), { panel: "cpu" });

  expect(text).toContain("30 series; shown 20, left out 10");
  expect(text.match(/last \d+, min 1, mean [\d.]+, max \d+ percent, trend rising$/gm)).toHaveLength(
    20,
  );
  expect(pointsIn(text)).toEqual([]);
});

test("the rate of messages is told by the same numbers, and by 24 points at most", async () => {
  const countMessages: OpsDeps["countMessages"] = async ({ buckets }) => {
    const bucketTotals = Array.from({ length: buckets }, (_, index) => (buckets - index) * 30);
    const total = bucketTotals.reduce((sum, count) => sum + count, 0);
    return { total, fromPeople: total, fromBots: 0, fromSystem: 0, bucketTotals };
  };

  const { reading, text } = await read(depsOf({}, { nowMs: () => now, countMessages }), {
    panel: "send_rate",
    since: "1h",
  });

  if (reading.kind !== "rate") throw new Error(reading.kind);
  expect(reading.points).toHaveLength(120);
  expect(text).toContain(
    "last 1/s, min 1/s, mean 60.5/s, max 120/s, total 217800, trend falling; exact",
  );
  expect(pointsIn(text)).toEqual([24]);
});
