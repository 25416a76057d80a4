import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, processIdentity } from "@resonance/testkit";
import { expect, test } from "vitest";

test("services end when the process that supervises them is killed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fake-stack-"));
  const entry = join(import.meta.dirname, "fixtures", "fake-stack", "main.ts");
  const stack = spawn(process.execPath, [entry, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const [firstOutput] = await once(stack.stdout, "data");
  const pids: number[] = JSON.parse(String(firstOutput));
  expect(pids.map((pid) => processIdentity(pid) !== undefined)).toEqual([true, true]);

  stack.kill("SIGKILL");

  await eventually(() => {
    expect(pids.map(processIdentity)).toEqual([undefined, undefined]);
  });
  rmSync(folder, { recursive: true, force: true });
});
