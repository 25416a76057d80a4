import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OpsDeps } from "./deps.ts";
import { callTool, opsTools, type ToolInput, toolText } from "./index.ts";
import {
  deploymentOf,
  depsOf,
  namespaceOf,
  openFakeLoki,
  openLocalStack,
  openTestCluster,
  podOf,
} from "./testing/index.ts";

/* The same lines in a file, in two pods and in Loki: what the tool says of them is the same. */
const signal = AbortSignal.timeout(120_000);
const minuteMs = 60_000;
// Later than now: the pods are older than the window.
const begin = Math.ceil(Date.now() / minuteMs) * minuteMs + 60 * minuteMs;
const end = begin + 24 * minuteMs;
const window = { since: at(0), until: at(24) };
const sources = ["file", "pods", "loki"] as const;
const apiserver = process.env.TEST_KUBE_APISERVER || undefined;
let stack: AsyncDisposableStack;
let deps: Readonly<Record<(typeof sources)[number], OpsDeps>>;

const lines = [
  ...Array.from({ length: 24 }, (_, minute) => [minute, "info", `request ${minute} answered`]),
  [5, "error", "upstream 10 timed out"],
  [5, "error", "upstream 11 timed out"],
  [10, "warn", "the disk is nearly full"],
  [20, "error", "upstream 12 timed out"],
].toSorted(([one], [other]) => Number(one) - Number(other)) as [number, string, string][];

function at(minute: number): string {
  return new Date(begin + minute * minuteMs).toISOString();
}

function textOf([minute, level, msg]: (typeof lines)[number]): string {
  return JSON.stringify({ level, time: at(minute), service: "gateway", pid: 1, msg });
}

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const own = stack.use(await openLocalStack());
  const logFile = join(own.local.stackFile, "../gateway.log");
  await writeFile(logFile, lines.map((line) => `${textOf(line)}\n`).join(""));
  const cluster = stack.use(await openTestCluster(apiserver, signal));
  await cluster.create(namespaceOf("shop"));
  await cluster.create(deploymentOf("gateway"));
  const loki = stack.use(await openFakeLoki());
  for (const parity of [0, 1]) {
    const pod = `gateway-${parity}`;
    const half = lines.filter((_, index) => index % 2 === parity);
    await cluster.create(podOf(pod));
    cluster.logs.set(
      { namespace: "shop", pod, container: "main" },
      half.map((line) => ({ at: at(line[0]), text: textOf(line) })),
    );
    loki.lines = [
      ...loki.lines,
      ...half.map((line) => ({
        atMs: Date.parse(at(line[0])),
        text: textOf(line),
        labels: { app: "gateway", pod },
      })),
    ];
  }
  const backend = { name: "Loki", url: loki.url, token: undefined, serviceLabel: "app" };
  const clock = { nowMs: () => end };
  deps = {
    file: depsOf({}, { ...clock, local: own.local }),
    pods: depsOf({ kubernetes: cluster.apiOf("admin", ["shop"]) }, clock),
    loki: depsOf({ loki: backend }, clock),
  };
});
afterAll(() => stack.disposeAsync());

function read(source: (typeof sources)[number], input: Partial<ToolInput<"get_logs">>) {
  const wanted = { service: "gateway", ...window, ...input };
  return callTool(deps[source], opsTools.get_logs, wanted, signal);
}

/** The text for a model from the totals on, without what only one source has to say. */
async function textFrom(source: (typeof sources)[number], input: Partial<ToolInput<"get_logs">>) {
  const text = toolText(opsTools.get_logs, await read(source, input));
  return text.split("\n").filter((line) => !/^(logs of|query:|pods read:)/.test(line));
}

test.each(sources)("%s as patterns: alike lines as one, with counts and times", async (source) => {
  expect(await textFrom(source, { mode: "patterns", limit: 2 })).toEqual([
    "total 28 (info 24, warn 1, error 3)",
    `24x info ${at(0)} to ${at(23)}: INFO request <*> answered`,
    `3x error ${at(5)} to ${at(20)}: ERROR upstream <*> timed out`,
    "1 lines of other patterns left out",
  ]);
  expect(await textFrom(source, { mode: "patterns", level: "warn" })).toEqual([
    "total 4 (warn 1, error 3)",
    `3x error ${at(5)} to ${at(20)}: ERROR upstream <*> timed out`,
    `1x warn ${at(10)} to ${at(10)}: WARN the disk is nearly full`,
  ]);
});

test.each(sources)("%s as counts: 24 equal parts, and the errors of each", async (source) => {
  const parts = Array.from({ length: 24 }, (_, minute) => {
    const inPart = lines.filter(([atMinute]) => atMinute === minute);
    const errors = inPart.filter(([, level]) => level === "error");
    return `${at(minute)} ${inPart.length} lines, ${errors.length} errors`;
  });
  expect(parts[5]).toBe(`${at(5)} 3 lines, 2 errors`);

  expect(await textFrom(source, { mode: "count" })).toEqual([
    "total 28 (info 24, warn 1, error 3)",
    ...parts,
  ]);
});

const hoursBefore = (hours: number) => at(-60 * hours);
const early = { since: at(-30), until: at(-10) };

test.each([
  ["file", { include: "nothing like it" }, ["nothing_matches"], null],
  ["file", early, ["nothing_matches", "log_begins_later"], at(0)],
  ["pods", { include: "nothing like it" }, ["nothing_matches"], null],
  // They were there, and what they wrote before the window is not read.
  ["pods", early, ["nothing_matches"], null],
  ["pods", { since: at(30), until: at(40) }, ["nothing_matches"], null],
  // They were not there yet.
  [
    "pods",
    { since: hoursBefore(5), until: hoursBefore(4) },
    ["nothing_matches", "log_begins_later"],
    at(0),
  ],
  ["pods", { previous: true }, ["never_restarted"], null],
  ["loki", { include: "nothing-like-it" }, ["nothing_matches"], null],
  ["loki", { level: "error", exclude: "upstream" }, ["nothing_matches"], null],
  ["loki", early, ["nothing_matches"], null],
] as const)("%s with no line for %o says why, as far as it is known", async (...row) => {
  const [source, input, causes, logBegins] = row;

  const result = await read(source, input);

  expect(result).toMatchObject({ outcome: "no_data", causes, data: { total: 0, logBegins } });
});

test("only a file, or pods younger than the window, say where a log begins", async () => {
  const begins = async (source: (typeof sources)[number], since: string) => {
    const result = await read(source, { since });
    return result.outcome === "ok" ? result.data.logBegins : result;
  };

  expect(await begins("file", at(-10))).toBe(at(0));
  expect(await begins("pods", hoursBefore(5))).toBe(at(0));
  expect(await begins("pods", at(-10))).toBeNull();
  expect(await begins("loki", hoursBefore(5))).toBeNull();
});
