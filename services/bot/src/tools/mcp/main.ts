import "@resonance/kit/assert-node";
import { createLogger } from "@resonance/kit";
import { readMcpSettings } from "./open-mcp-sources.ts";
import { isCommand, runMcp, usage } from "./run-mcp.ts";

// A reader that has seen enough, as `head` has, is no failure.
process.stdout.on("error", () => process.exit(0));
const words = process.argv.slice(2);
if (!isCommand(words)) {
  process.stdout.write(`${usage}\n`);
  process.exit(1);
}
try {
  const settings = readMcpSettings(process.env);
  if (!settings) throw new Error("RESONANCE_MCP_CONFIG is missing: the file of the MCP servers");
  process.exitCode = await runMcp(
    {
      settings,
      log: createLogger("mcp", process.env.RESONANCE_LOG_LEVEL || "silent"),
      say: (line) => process.stdout.write(`${line}\n`),
    },
    words,
    AbortSignal.timeout(120_000),
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
