import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test, vi } from "vitest";
import { newFolder } from "./testing/server-config.ts";

// Each starts processes that read much code, and others may be at work on the machine.
vi.setConfig({ testTimeout: 90_000 });

const conformance = createRequire(import.meta.url).resolve(
  "@modelcontextprotocol/conformance/dist/index.js",
);
const client = join(import.meta.dirname, "testing/conformance-client.ts");

/** Runs one of the suite's scenarios on our client, and returns what the suite prints. */
async function outputOf(scenario: string): Promise<string> {
  const command = `${process.execPath} ${client}`;
  const words = [conformance, "client", "--command", command, "--scenario", scenario];
  const cwd = newFolder();
  const suite = spawn(process.execPath, words, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  return (await Promise.all([text(suite.stdout), text(suite.stderr)])).join("");
}

const allPassed = /Passed: ([1-9]\d*)\/\1, 0 failed/;

// docs/mcp.md says which scenarios there are besides.
test.each(["initialize", "tools_call"])(
  "our client passes the official conformance suite: %s",
  async (scenario) => {
    expect(await outputOf(scenario)).toMatch(allPassed);
  },
);

// It refuses a client that is half a second late, as on a machine with much else to do.
test("our client passes the official conformance suite: sse-retry", { retry: 2 }, async () => {
  expect(await outputOf("sse-retry")).toMatch(allPassed);
});
