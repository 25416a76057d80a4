import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { armFailpoints, failpoint } from "./failpoint.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "resonance-failpoints-"));
});
afterEach(() => {
  armFailpoints(undefined);
  rmSync(folder, { recursive: true });
});

test("a place that is not armed does nothing", () => {
  writeFileSync(join(folder, "kit.here"), "fail");

  failpoint("kit.here");

  expect(existsSync(join(folder, "kit.here"))).toBe(true);
});

test("a place fails once, and others do not", () => {
  armFailpoints(folder);
  writeFileSync(join(folder, "kit.here"), "fail\n");

  failpoint("kit.elsewhere");
  expect(() => failpoint("kit.here")).toThrow("failpoint kit.here");
  failpoint("kit.here");

  expect(existsSync(join(folder, "kit.here"))).toBe(false);
});

test("what no place can do is said", () => {
  armFailpoints(folder);
  writeFileSync(join(folder, "kit.here"), "explode");

  expect(() => failpoint("kit.here")).toThrow("kit.here cannot explode");
});

test("a process dies at the place and does nothing behind it", async () => {
  writeFileSync(join(folder, "kit.here"), "kill");
  const code = `
    import { armFailpoints, failpoint } from ${JSON.stringify(join(import.meta.dirname, "failpoint.ts"))};
    import { writeSync } from "node:fs";
    armFailpoints(process.argv[1]);
    writeSync(1, "before");
    failpoint("kit.here");
    writeSync(1, "after");
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code, folder]);
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });

  const [, signal] = await once(child, "close");

  expect(signal).toBe("SIGKILL");
  expect(output).toBe("before");
});
