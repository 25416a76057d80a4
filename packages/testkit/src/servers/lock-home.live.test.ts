import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockHome } from "./lock-home.ts";

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "resonance-lock-"));
});

afterEach(() => rmSync(home, { recursive: true }));

test("a home is had once at a time", () => {
  const lock = lockHome(home);
  expect(() => lockHome(home)).toThrow(`in use by a running stack (process ${process.pid})`);
  lock[Symbol.dispose]();
  using _again = lockHome(home);
  expect(readdirSync(join(home, "run"))).toEqual(["servers.lock"]);
});

test("the lock of a process that is gone, or whose number is somebody else's now, is taken over", () => {
  const { pid } = spawnSync("true");
  for (const stale of [`${pid}@1`, `${process.pid}@1`, ""]) {
    mkdirSync(join(home, "run"), { recursive: true });
    writeFileSync(join(home, "run", "servers.lock"), `${stale}\n`);
    lockHome(home)[Symbol.dispose]();
  }
});

test("of several processes that find a stale lock, one takes it over", async () => {
  mkdirSync(join(home, "run"));
  writeFileSync(join(home, "run", "servers.lock"), "1@1\n");
  const module = JSON.stringify(new URL("./lock-home.ts", import.meta.url).href);
  const code = `
    const { lockHome } = await import(${module});
    try { lockHome(process.argv[1]); } catch { console.log("refused"); process.exit(); }
    console.log("taken");
    process.stdin.resume();`;
  const contenders = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ["--input-type=module", "-e", code, home]),
  );
  const words = await Promise.all(
    contenders.map(
      (child) =>
        new Promise<string>((resolve) => {
          child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
        }),
    ),
  );
  for (const child of contenders) child.kill();
  expect(words.sort()).toEqual(["refused", "refused", "refused", "taken"]);
});
