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

// docs/mcp.md says which scenarios there are besides.
test.each(["initialize", "tools_call"])(
  "our client passes the official conformance suite: %s",
  async (scenario) => {
    const command = `${process.execPath} ${client}`;
    const words = [conformance, "client", "--command", command, "--scenario", scenario];
    const cwd = newFolder();
    const suite = spawn(process.execPath, words, { cwd, stdio: ["ignore", "pipe", "pipe"] });

    const output = (await Promise.all([text(suite.stdout), text(suite.stderr)])).join("");

    expect(output).toMatch(/Passed: ([1-9]\d*)\/\1, 0 failed/);
  },
);
