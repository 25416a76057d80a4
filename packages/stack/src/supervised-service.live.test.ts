import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, processIdentity } from "@resonance/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { StackEvent } from "./stack-event.ts";
import { StartError } from "./start-error.ts";
import { SupervisedService } from "./supervised-service.ts";

const entry = join(import.meta.dirname, "fixtures", "fake-service", "main.ts");
const never = new AbortController().signal;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "supervised-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function supervise(behaviour: string) {
  const events: StackEvent[] = [];
  const states: string[] = [];
  const service: SupervisedService = new SupervisedService(
    {
      name: "fake",
      entry,
      environment: { ...process.env, FAKE_BEHAVIOUR: behaviour },
      logFile: join(folder, "logs", "fake.log"),
      metricsUrl: "http://127.0.0.1:1/metrics",
    },
    { changed: () => states.push(service.state), notify: (event) => events.push(event) },
  );
  return { service, events, states };
}

function logged(service: SupervisedService): Record<string, unknown>[] {
  const lines = readFileSync(service.logFile, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

test("a started service runs, and its output is in the log", async () => {
  const { service, states } = supervise("serve");
  await using _ = service;

  await service.start(never);

  expect(service.state).toBe("running");
  expect(states).toEqual(["starting", "running"]);
  const ready = expect.objectContaining({ service: "fake", pid: service.pid, msg: "ready" });
  await eventually(() => expect(logged(service)).toContainEqual(ready));
});

test("a killed service is started again, and it is said how it ended", async () => {
  const { service, events } = supervise("serve");
  await using _ = service;
  await service.start(never);
  const firstPid = service.pid;

  service.kill();

  await eventually(() => expect(events.at(-1)?.kind).toBe("service_back"));
  expect(service.pid).not.toBe(firstPid);
  expect(service.restarts).toBe(1);
  expect(service.lastExit).toBe("signal SIGKILL");
  expect(events[0]).toMatchObject({
    kind: "service_crashed",
    service: "fake",
    exit: "signal SIGKILL",
    logFile: service.logFile,
    retryInMs: 200,
  });
  expect(logged(service)).toContainEqual(
    expect.objectContaining({ by: "stack", msg: expect.stringContaining("signal SIGKILL") }),
  );
});

test("a crash is said with the error that the service logged, and waits grow", async () => {
  const { service, events } = supervise("crash-once-ready");
  await using _ = service;
  await service.start(never);

  const crashes = await eventually(() => {
    const found = events.filter((event) => event.kind === "service_crashed");
    return found.length >= 2 && found;
  });

  expect(crashes[0]).toMatchObject({ exit: "exit code 1", lastError: "crashed: something broke" });
  expect(crashes.map((crash) => crash.retryInMs).slice(0, 2)).toEqual([200, 400]);
});

test("a service that ends while starting fails the start, with its last lines", async () => {
  const { service, events } = supervise("bad-configuration");

  const failure = await service.start(never).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(StartError);
  expect(failure).toMatchObject({
    problem: {
      kind: "service_failed",
      service: "fake",
      exit: "exit code 78",
      logFile: service.logFile,
      lastLines: [expect.stringContaining("FAKE_URL is missing")],
    },
  });
  expect(service.state).toBe("stopped");
  expect(events).toEqual([]);
});

test("lines on standard error are JSON lines in the log", async () => {
  const { service } = supervise("write-to-stderr");
  await service.start(never);

  await service.stop(never);

  const lines = logged(service).filter((line) => line.stream === "stderr");
  expect(lines.map((line) => line.msg)).toEqual(["first line", "second line", "no end of line"]);
  expect(lines[0]).toMatchObject({ level: "error", service: "fake" });
});

test("a stopped service stays stopped", async () => {
  const { service, events } = supervise("serve");
  await service.start(never);
  const { pid = 0 } = service;

  const exit = await service.stop(never);

  expect(exit).toBe("exit code 0");
  expect(service.state).toBe("stopped");
  expect(service.pid).toBeUndefined();
  expect(processIdentity(pid)).toBeUndefined();
  expect(events).toEqual([]);
});

test("a service that does not listen is ended when the caller's patience is over", async () => {
  const { service } = supervise("ignore-stop");
  await service.start(never);
  const { pid = 0 } = service;

  const exit = await service.stop(AbortSignal.timeout(300));

  expect(exit).toBe("signal SIGKILL");
  expect(processIdentity(pid)).toBeUndefined();
});

test("stopping a service that waits to be started again starts nothing", async () => {
  const { service, events } = supervise("crash-once-ready");
  await service.start(never);
  await eventually(() => expect(events.at(-1)?.kind).toBe("service_crashed"));

  await service.stop(never);

  expect(service.state).toBe("stopped");
  expect(service.pid).toBeUndefined();
});

test("a start that is called off leaves no process", async () => {
  const { service } = supervise("never-ready");
  const calledOff = new AbortController();
  const start = service.start(calledOff.signal).catch((error: unknown) => error);
  const pid = await eventually(() => service.pid ?? false);
  await eventually(() => readFileSync(service.logFile));

  calledOff.abort(new Error("called off"));

  expect(await start).toMatchObject({ message: "called off" });
  expect(processIdentity(pid)).toBeUndefined();
  expect(service.state).toBe("stopped");
});

test("restarting by hand gives a new process and counts as no crash", async () => {
  const { service, events } = supervise("serve");
  await using _ = service;
  await service.start(never);
  const firstPid = service.pid;

  await service.restart(never);

  expect(service.pid).not.toBe(firstPid);
  expect(service.restarts).toBe(0);
  expect(events).toEqual([]);
});

test("what a service started itself ends with it", async () => {
  const { service } = supervise("leave-a-child");
  await using _ = service;
  await service.start(never);
  const childPid = await eventually(() => {
    const { childPid } = logged(service).find((line) => "childPid" in line) ?? {};
    return typeof childPid === "number" && childPid;
  });
  expect(processIdentity(childPid)).toBeDefined();

  service.kill();

  await eventually(() => expect(processIdentity(childPid)).toBeUndefined());
});

test("a service that is stopped while it restarts can be restarted later", async () => {
  const { service } = supervise("serve");
  await using _ = service;
  await service.start(never);
  await Promise.all([service.recycle(), service.stop(never)]);
  await service.start(never);
  const firstPid = service.pid;

  await service.recycle();

  await eventually(() => expect(service.state).toBe("running"));
  expect(service.pid).not.toBe(firstPid);
});

test("a service that is restarted on request is no crash", async () => {
  const { service, events } = supervise("serve");
  await using _ = service;
  await service.start(never);
  const firstPid = service.pid;

  await service.recycle();

  await eventually(() => expect(service.state).toBe("running"));
  expect(service.pid).not.toBe(firstPid);
  expect(service.restarts).toBe(0);
  expect(events.map(({ kind }) => kind)).not.toContain("service_crashed");
});
