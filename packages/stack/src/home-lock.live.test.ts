import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processIdentity } from "@resonance/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openHomeLock, readLiveStack } from "./home-lock.ts";

const url = "http://localhost:8080";
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "home-lock-"));
  mkdirSync(join(home, "run"));
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function writeLock(content: unknown): void {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(home, "run", "stack.json"), text);
}

test("a second stack on the same home is refused, and told where the first one is", () => {
  using _ = openHomeLock(home, url);

  expect(() => openHomeLock(home, "http://localhost:8081")).toThrow(
    `Resonance is already running on ${home}: ${url} (process ${process.pid})`,
  );
  expect(readLiveStack(home)?.url).toBe(url);
});

test("a lock that was given back is free", () => {
  openHomeLock(home, url)[Symbol.dispose]();

  using lock = openHomeLock(home, url);

  expect(lock.isTakenOver).toBe(false);
});

test("the lock of a process that is gone is taken over, with what it left running", () => {
  const left = { name: "logic", pid: process.pid, identity: processIdentity(process.pid) };
  const gone = { name: "bot", pid: process.pid, identity: "another start" };
  writeLock({ pid: process.pid, identity: "another start", url, processes: [left, gone] });
  expect(readLiveStack(home)).toBeUndefined();

  using lock = openHomeLock(home, url);

  expect(lock.isTakenOver).toBe(true);
  expect(lock.leftovers).toEqual([left]);
});

test("a lock that cannot be read is taken over", () => {
  writeLock('{"pid": 1');

  using lock = openHomeLock(home, url);

  expect(lock.leftovers).toEqual([]);
  expect(readLiveStack(home)?.pid).toBe(process.pid);
});

test("processes that are written down can be found by the next stack", async () => {
  using lock = openHomeLock(home, url);
  const child = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
  const pid = child.pid ?? 0;

  lock.recordProcesses([
    { name: "logic", pid },
    { name: "gone", pid: 2 ** 22 + 1 },
  ]);

  const { processes } = JSON.parse(readFileSync(join(home, "run", "stack.json"), "utf8"));
  expect(processes).toEqual([{ name: "logic", pid, identity: processIdentity(pid) }]);
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  expect(processIdentity(pid)).toBeUndefined();
});

test("a home that cannot be written is said in plain words", () => {
  const file = join(home, "a-file");
  writeFileSync(file, "");
  expect(() => openHomeLock(file, url)).toThrow(
    expect.objectContaining({
      name: "StartError",
      message: expect.stringMatching(/^RESONANCE_HOME: .*a-file cannot be used: ENOTDIR/),
    }),
  );
});
