import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLogger } from "@resonance/kit";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { openMcpSources, readMcpSettings } from "./open-mcp-sources.ts";
import { runMcp } from "./run-mcp.ts";
import { newFolder } from "./testing/server-config.ts";

const log = createLogger("test", "silent");
const troubled = join(import.meta.dirname, "testing/troubled-server.ts");

function operator() {
  const folder = newFolder();
  const toolsFile = join(folder, "tools.json");
  const config = join(folder, "mcp.json");
  const offer = (description: string) =>
    writeFileSync(
      toolsFile,
      JSON.stringify(
        ["echo", "drop"].map((name) => ({ name, description, inputSchema: { type: "object" } })),
      ),
    );
  offer("does it");
  const entry = { command: process.execPath, args: [troubled, toolsFile], tools: { echo: "read" } };
  writeFileSync(config, JSON.stringify({ mcpServers: { t: entry } }));
  const environment = { RESONANCE_MCP_CONFIG: config };
  const run = async (...words: string[]) => {
    const settings = readMcpSettings(environment);
    if (!settings) throw new Error("no settings");
    const lines: string[] = [];
    const say = (line: string) => void lines.push(line);
    const code = await runMcp({ settings, log, say }, words, AbortSignal.timeout(20_000));
    return { code, text: lines.join("\n") };
  };
  return { offer, environment, run };
}

test("what changed is shown beside what was accepted, and counts once it is accepted", async () => {
  const { offer, environment, run } = operator();
  await using bot = openMcpSources(environment, log);
  const [source] = bot.sources;
  await eventually(() => expect(source?.definitions()).toHaveLength(1));
  expect(await run("list")).toMatchObject({
    code: 0,
    text: expect.stringMatching(/callable +read/),
  });

  offer("does something else");
  const changed = await run("list");
  expect(changed.code).toBe(1);
  expect(changed.text).toMatch(/CHANGED +read +t__echo/);
  expect(changed.text).toMatch(/accepted: .*does it/);
  expect(changed.text).toMatch(/now: .*does something else/);
  expect(changed.text).toMatch(/denied +t__drop/);

  expect(await run("accept", "t__echo")).toMatchObject({ code: 0 });
  expect(await run("list")).toMatchObject({ code: 0 });
  await eventually(
    () => expect(source?.definitions()[0]?.description).toBe("[t] does something else"),
    { timeoutMs: 20_000 },
  );
});

test("an unknown name or command is refused", async () => {
  const { run } = operator();

  expect(await run("accept", "t__nothing")).toMatchObject({ code: 1 });
  expect(await run("drop")).toMatchObject({
    code: 1,
    text: expect.stringContaining("accept NAME"),
  });
});

test("without a file there are no servers, and a server cannot take our own tools' name", async () => {
  await using none = openMcpSources({}, log);
  expect(none.sources).toEqual([]);

  const config = join(newFolder(), "mcp.json");
  writeFileSync(config, JSON.stringify({ mcpServers: { ops: { command: "x" } } }));
  expect(() => openMcpSources({ RESONANCE_MCP_CONFIG: config }, log)).toThrow(
    /cannot be called ops/,
  );
});

test("the usage is told where no file is configured, too", async () => {
  const main = join(import.meta.dirname, "main.ts");
  const child = spawn(process.execPath, [main, "--help"], { env: {} });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const [exitCode] = await once(child, "close");
  expect(said).toContain("npm run mcp -- accept");
  expect(exitCode).toBe(1);
});
