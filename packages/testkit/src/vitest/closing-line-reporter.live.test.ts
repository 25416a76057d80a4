import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const reporter = new URL("./closing-line-reporter.ts", import.meta.url).href;
const vitest = fileURLToPath(
  new URL("../../../../node_modules/vitest/vitest.mjs", import.meta.url),
);

test("passed, failed and skipped tests are counted", () => {
  const text = "test('a', () => {}); test('b', () => { throw 1 }); test.skip('c', () => {});";
  expect(lastLine({ "a.test.js": text })).toBe("1 passed, 1 failed, 1 skipped");
});

test("without skipped tests the line ends earlier", () => {
  expect(lastLine({ "a.test.js": "test('a', () => {}); test('b', () => {});" })).toBe(
    "2 passed, 0 failed",
  );
});

test("a file that cannot be loaded, a failing hook and a stray rejection count as failed", () => {
  const line = lastLine({
    "broken.test.js": "throw new Error('broken')",
    "hook.test.js": "describe('d', () => { beforeAll(() => { throw 1 }); test('a', () => {}); });",
    "stray.test.js": "test('a', () => { Promise.reject(new Error('stray')); });",
  });
  expect(line).toBe("1 passed, 3 failed, 1 skipped");
});

test("a global setup that fails counts as failed, and a teardown prints before the line", () => {
  const passing = { "a.test.js": "test('a', () => {});" };
  const failing = "export default () => { throw new Error('no server') }";
  expect(lastLine({ ...passing, "setup.js": failing })).toBe("0 passed, 1 failed");
  const loud = "export default () => () => console.log('bye')";
  expect(lastLine({ ...passing, "setup.js": loud })).toBe("1 passed, 0 failed");
});

function lastLine(files: Record<string, string>): string | undefined {
  const root = mkdtempSync(join(tmpdir(), "resonance-reporter-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const setup = "setup.js" in files ? ", globalSetup: ['setup.js']" : "";
  const config = `import { ClosingLineReporter } from ${JSON.stringify(reporter)};
    export default { test: { globals: true, reporters: ["default", new ClosingLineReporter()]${setup} } };`;
  for (const [name, text] of Object.entries({ ...files, "vitest.config.js": config })) {
    writeFileSync(join(root, name), text);
  }
  const { stdout } = spawnSync(process.execPath, [vitest, "run", "--root", root], {
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
  return stdout.trimEnd().split("\n").at(-1);
}
