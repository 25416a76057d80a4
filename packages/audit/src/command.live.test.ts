import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@resonance/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "audit-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function command(environment: Record<string, string>) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const words = [join(import.meta.dirname, "main.ts"), "verify"];
    const env = { RESONANCE_HOME: home, ...environment };
    execFile(process.execPath, words, { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

test("the audit of a stack that is stopped says so in plain words", async () => {
  const port = await freePort();
  mkdirSync(join(home, "secrets"));
  writeFileSync(join(home, "secrets/mysql-logic-url"), `mysql://u:p@127.0.0.1:${port}/resonance`);
  writeFileSync(join(home, "secrets/audit-key"), "a key of thirty-two bytes, or of more");

  expect(await command({})).toEqual({
    code: 1,
    stdout: "",
    stderr:
      `cannot connect to MySQL at 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}\n` +
      `it belongs to the Resonance on ${home}: if that is not running, start it with\n  npm start\n`,
  });
  expect((await command({ LANG: "zh_CN.UTF-8" })).stderr).toContain("请先启动：\n  npm start\n");
});

test("the audit of a home that no stack has used says how to start one", async () => {
  const { code, stderr } = await command({});

  expect(code).toBe(78);
  expect(stderr).toContain(`no Resonance was found on ${home}: start one with\n`);
});
