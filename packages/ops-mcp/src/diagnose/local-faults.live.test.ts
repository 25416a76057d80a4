import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { callTool, type Diagnosis, opsTools, type SystemStatus } from "../index.ts";
import { depsOf, healthyStatus, type LocalStack, openLocalStack } from "../testing/index.ts";

const signal = AbortSignal.timeout(120_000);
let stack: LocalStack;
beforeAll(async () => {
  stack = await openLocalStack();
});
afterAll(() => stack[Symbol.asyncDispose]());
beforeEach(async () => {
  stack.exposition = "";
  await stack.describe({});
  for (const service of ["logic", "gateway", "task"]) await stack.writeLog(service, []);
});

async function diagnose(
  status: Partial<SystemStatus> | Error = {},
  input: object = {},
): Promise<Diagnosis> {
  const readSystemStatus = async () => {
    if (status instanceof Error) throw status;
    return healthyStatus(status);
  };
  const deps = depsOf({}, { local: stack.local, readSystemStatus });
  const result = await callTool(deps, opsTools.diagnose, input, signal);
  if (result.outcome !== "ok") throw new Error(JSON.stringify(result));
  return result.data;
}

const { database, stream } = healthyStatus();
if (!database || !stream) throw new Error("a healthy system has both");

test("a healthy system: nothing is invented, and what was looked at is said", async () => {
  await stack.writeLog("gateway", [[60, "warn", "a client went away"]]);
  const { findings, looks } = await diagnose();
  expect(findings).toEqual([]);
  expect(looks.find(({ what }) => what === "services")?.at).toContain("gateway");
  expect(looks.filter(({ what }) => what === "logs")).toHaveLength(6);
});

test("database down: one finding, and what follows from it says so", async () => {
  await stack.describe({ mysql: { state: "stopped", pid: null } });
  await stack.writeLog("logic", [[5, "error", "send failed: the database does not answer"]]);
  await stack.writeLog("gateway", [[4, "error", "logic refused a send"]]);
  const { findings } = await diagnose({
    database: null,
    unknown: ["database"],
    outbox: { pending: 4_000, oldestMs: 90_000 },
  });
  expect(findings.map(({ code, because }) => [code, because])).toEqual([
    ["database_down", undefined],
    ["outbox_backlog", "database_down"],
    ["error_lines", "database_down"],
  ]);
  expect(findings[0]?.evidence.join()).toContain("the database does not answer");
});

test("of a window that is over its lines count, and what is wrong now is told apart", async () => {
  await stack.describe({ task: { state: "stopped", pid: null } });
  await stack.writeLog("logic", [
    [7_000, "error", "send failed: the database does not answer"],
    [60, "error", "something else"],
  ]);
  await stack.writeLog("gateway", [[60, "error", "logic refused a send"]]);
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

  const { findings, looks } = await diagnose({}, { since: ago(125), until: ago(60) });

  expect(findings.map(({ code, severity, isOfNow }) => [code, severity, isOfNow])).toEqual([
    ["database_was_down", "warning", undefined],
    ["service_down", "critical", true],
  ]);
  expect(looks.filter(({ failed }) => failed !== undefined)).toEqual([
    { what: "logs", at: ["gateway"], failed: "the log begins after the window" },
  ]);
});

test("slow queries", async () => {
  const slow = { ...database, runningLong: 3, longestRunningSeconds: 41, slowQueries: 12 };
  const { findings } = await diagnose({ database: slow });
  expect(findings).toMatchObject([
    { code: "slow_queries", target: "mysql", facts: { running: 3, longestSeconds: 41 } },
  ]);
});

test("queue lag because the store is slow", async () => {
  const consumers = stream.consumers.map((consumer) => ({ ...consumer, pending: 5_000 }));
  const { findings } = await diagnose({
    database: { ...database, roundTripMs: 180 },
    stream: { ...stream, oldestMs: 120_000, consumers },
  });
  expect(findings.map(({ code, because }) => [code, because])).toEqual([
    ["database_slow", undefined],
    ["queue_lag", "database_slow"],
    ["queue_lag", "database_slow"],
  ]);
});

test("a queue that is nearly full", async () => {
  const full = { ...stream, bytes: stream.maxBytes * 0.95 };
  const { findings } = await diagnose({ stream: full });
  expect(findings).toMatchObject([
    { code: "queue_full", severity: "critical", facts: { percent: 95 } },
  ]);
});

test("dead letters growing, and old ones that only lie there", async () => {
  const growing = await diagnose({ deadLetters: { total: 9, unreplayed: 8, lastHour: 7 } });
  expect(growing.findings).toMatchObject([
    { code: "dead_letters", severity: "warning", facts: { lastHour: 7 } },
  ]);
  const old = await diagnose({ deadLetters: { total: 9, unreplayed: 8, lastHour: 0 } });
  expect(old.findings).toMatchObject([{ code: "dead_letters", severity: "note" }]);
});

test("gateway connections at the limit, by its open files", async () => {
  stack.exposition = "process_open_fds 1020\nprocess_max_fds 1024\n";
  const { findings } = await diagnose({}, { service: "gateway" });
  expect(findings).toMatchObject([
    {
      code: "connections_near_limit",
      severity: "critical",
      target: "gateway",
      facts: { connections: 1_020, limit: 1_024 },
    },
  ]);
});

test("gateway connections at the limit, by what it logs", async () => {
  await stack.writeLog("gateway", [[3, "error", "accept EMFILE: too many open files"]]);
  const { findings } = await diagnose({});
  expect(findings).toMatchObject([{ code: "connections_near_limit", target: "gateway" }]);
});

test("certificate expired", async () => {
  await stack.writeLog("task", [
    [3, "error", "connect failed: certificate has expired (CERT_HAS_EXPIRED)"],
  ]);
  const { findings } = await diagnose({});
  expect(findings).toMatchObject([
    { code: "certificate_expired", severity: "critical", target: "task" },
  ]);
});

test("a local service that restarts again and again", async () => {
  await stack.describe({
    task: { restarts: 5, lastExit: "exit code 1", startedAt: new Date().toISOString() },
    bot: { restarts: 1, lastExit: "SIGKILL" },
  });
  const { findings } = await diagnose();
  expect(findings).toMatchObject([
    { code: "crash_loop", target: "task", facts: { restarts: 5, lastExit: "exit code 1" } },
    { code: "recovered", target: "bot", severity: "note" },
  ]);
});

test("a red herring: loud error lines do not stand above what is really down", async () => {
  await stack.describe({ task: { state: "stopped", pid: null } });
  const loud = Array.from(
    { length: 300 },
    (_, index) => [index, "error", `odd header ${index}`] as const,
  );
  await stack.writeLog("gateway", loud);
  const { findings } = await diagnose();
  expect(findings.map(({ code, severity }) => [code, severity])).toEqual([
    ["service_down", "critical"],
    ["error_lines", "note"],
  ]);
  expect(findings[1]?.facts.lines).toBe(300);
});

test("error lines are shown by one that says something, not by a blank one", async () => {
  const lines = ["", "", "", "SyntaxError: unexpected token"];
  await stack.writeLog(
    "task",
    lines.map((text, index) => [10 - index, "error", text] as const),
  );

  const { findings } = await diagnose();

  const found = findings.find(({ code }) => code === "error_lines");
  expect(found?.evidence).toEqual([expect.stringContaining("SyntaxError")]);
});

test("noisy but recovered: a fault that lines of long ago tell of is a note", async () => {
  await stack.writeLog("logic", [[3_000, "error", "send failed: the database does not answer"]]);
  const { findings } = await diagnose();
  expect(findings).toMatchObject([{ code: "database_was_down", severity: "note" }]);
});

test("a store that lines call out of reach and that answers now is told as back, once", async () => {
  await stack.writeLog("gateway", [
    [90, "error", "call failed: the database does not answer"],
    [60, "error", "odd header"],
  ]);
  await stack.writeLog("logic", [[80, "error", "events stay in the outbox: NATS is away"]]);
  await stack.writeLog("task", [[20, "error", "cannot read: the database does not answer"]]);

  const { findings } = await diagnose();

  expect(findings).toMatchObject([
    { code: "database_was_down", severity: "warning", target: "gateway, task" },
    { code: "nats_was_down", severity: "warning", target: "logic" },
    { code: "error_lines", target: "gateway", facts: { lines: 1 }, because: "database_was_down" },
  ]);
  expect(findings[0]?.evidence.join()).toContain("cannot read");
});

test("a store out of reach is found in warnings, too, and other warnings are none", async () => {
  await stack.writeLog("gateway", [
    [30, "warn", "report failed: the database does not answer"],
    [20, "warn", "a client went away"],
  ]);
  const { findings } = await diagnose();
  expect(findings).toMatchObject([{ code: "database_was_down", target: "gateway" }]);
  expect(findings).toHaveLength(1);
});

test("where nobody can say whether the store answers, lines are believed", async () => {
  await stack.writeLog("gateway", [[30, "error", "call failed: the database does not answer"]]);
  const { findings } = await diagnose(new Error("ECONNREFUSED"));
  expect(findings).toMatchObject([{ code: "database_down", severity: "critical" }]);
});

test("what cannot be looked at is said, and hides nothing", async () => {
  await stack.describe({ task: { state: "stopped", pid: null } });
  const { findings, looks } = await diagnose(new Error("ECONNREFUSED"));
  expect(findings).toMatchObject([{ code: "service_down" }]);
  expect(looks.find(({ what }) => what === "status")?.failed).toBe(
    "logic cannot be asked for the status now",
  );
});

test("a misspelt service is answered with the nearest", async () => {
  const deps = depsOf({}, { local: stack.local });
  const result = await callTool(deps, opsTools.diagnose, { service: "gatt" }, signal);
  expect(result).toMatchObject({
    outcome: "error",
    cause: "unknown_service",
    near: ["gateway", "nats"],
  });
});
