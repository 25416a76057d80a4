import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { makeHome } from "./testing/home.ts";
import { serveHttp, token } from "./testing/served.ts";

// Each starts processes that read much code, and others may be at work on the machine.
vi.setConfig({ testTimeout: 90_000 });

const inspector = createRequire(import.meta.url).resolve(
  "@modelcontextprotocol/inspector/clients/launcher/build/index.js",
);
const bin = join(import.meta.dirname, "../../bin/resonance-ops-mcp.js");

/** Runs the official inspector's CLI and returns what it prints, JSON. */
function inspect(words: readonly string[], environment: Record<string, string>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [inspector, "--cli", ...words],
      { env: { ...process.env, ...environment } },
      (error, stdout) => (error ? reject(error) : resolve(JSON.parse(stdout))),
    );
  });
}

test("the inspector lists our tools over stdio, from the command that users run", async () => {
  const home = await makeHome(["a line"]);

  const listed = await inspect(
    [process.execPath, bin, "-e", `RESONANCE_HOME=${home}`, "--method", "tools/list", "--strict"],
    {},
  );

  expect(listed).toMatchObject({
    tools: expect.arrayContaining([
      expect.objectContaining({ name: "get_logs", annotations: expect.anything() }),
    ]),
  });
});

test("the inspector calls a tool over HTTP, with the token", async () => {
  const RESONANCE_HOME = await makeHome(["the disk is full"]);
  await using served = await serveHttp({ RESONANCE_HOME });
  const header = ["--header", `Authorization: Bearer ${token}`];
  const call = [
    "--method",
    "tools/call",
    "--tool-name",
    "get_logs",
    "--tool-arg",
    "service=gateway",
  ];

  const result = await inspect([served.url, "--transport", "http", ...header, ...call], {});

  expect(result).toMatchObject({
    content: [{ type: "text", text: expect.stringContaining("the disk is full") }],
  });
});
