import "@resonance/kit/assert-node";
import { ConfigError, createLogger } from "@resonance/kit";
import { runOpsMcp } from "./run-ops-mcp.ts";

const log = createLogger("ops-mcp", "info", process.stderr);
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort()).on("SIGINT", () => stop.abort());
try {
  const { stdin, stdout, env: environment } = process;
  await runOpsMcp({ environment, log, stdin, stdout }, process.argv.slice(2), stop.signal);
  process.exit(0);
} catch (error) {
  if (error instanceof ConfigError) log.fatal(error.message);
  else log.fatal({ err: error }, "crashed");
  process.exit(error instanceof ConfigError ? 78 : 1);
}
