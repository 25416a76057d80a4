import type { LogsFound, ToolInput, ToolOutput } from "@resonance/ops-mcp";
import { expect, test } from "vitest";
import { logLine, logsFound, windowOf } from "../../testing/results.ts";
import { compareLogs } from "./compare-logs.ts";
import type { Toolbox } from "./toolbox.ts";

const signal = new AbortController().signal;
const now = windowOf({});
const before = windowOf({ fromMs: now.fromMs - 3_600_000, untilMs: now.fromMs });
const errors = { level: "error" } as const;

/** A toolbox whose logs hold what is given for the window before. */
function toolsWith(logs: Readonly<Record<string, Partial<LogsFound>>>) {
  const inputs: ToolInput<"get_logs">[] = [];
  const tools = {
    call: async (_name: string, input: ToolInput<"get_logs">): Promise<ToolOutput<"get_logs">> => {
      inputs.push(input);
      const { service } = input;
      return { outcome: "ok", data: logsFound([], { service, window: before, ...logs[service] }) };
    },
  } as Toolbox;
  return { tools, inputs };
}

test("the same is counted in the time before of equal length, and the difference is named", async () => {
  const { tools, inputs } = toolsWith({ logic: { total: 4 }, gateway: { total: 1 } });
  const found = ["logic", "gateway"].map((service) => logsFound([logLine("x")], { service }));

  const text = await compareLogs(found, errors, "en", tools, signal);

  expect(inputs[0]).toMatchObject({ service: "logic", level: "error", mode: "count" });
  expect([inputs[0]?.since, inputs[0]?.until]).toEqual([before.from, before.until]);
  expect(text).toBe(
    "The time before of equal length (2026-11-22 08:30:00 – 09:30:00 UTC): 5 lines (logic 4 · gateway 1), against 2 now: fewer than before.",
  );
});

test("a log that begins later is no silence: it is left out, and that is said", async () => {
  const { tools } = toolsWith({ logic: {}, gateway: { logBegins: now.until } });
  const found = ["logic", "gateway"].map((service) => logsFound([], { service }));

  const text = await compareLogs(found, errors, "zh", tools, signal);

  expect(text).toContain("0 行，这次 0 行：没有变化");
  expect(text).toContain("gateway 的日志没有更早的内容，没有计入");
});

test("where no log reaches back, nothing is compared", async () => {
  const { tools } = toolsWith({ logic: { logBegins: now.until } });

  const text = await compareLogs(
    [logsFound([], { service: "logic" })],
    errors,
    "en",
    tools,
    signal,
  );

  expect(text).toBe("Nothing to compare with: the logs of logic do not reach back that far.");
});
