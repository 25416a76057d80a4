import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";

const code = `
  import { ConfigError } from ${JSON.stringify(join(import.meta.dirname, "config.ts"))};
  import { runService } from ${JSON.stringify(join(import.meta.dirname, "run-service.ts"))};
  await runService("test", process.env, async ({ log }) => {
    throw new ConfigError("started with " + log.level);
  });
`;

async function run(level: string): Promise<{ exitCode: number; msg: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    env: { RESONANCE_LOG_LEVEL: level },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const [exitCode] = await once(child, "close");
  return { exitCode, msg: JSON.parse(said).msg };
}

test.each([
  ["", "started with info"],
  ["warn", "started with warn"],
  ["WARN", "started with warn"],
  ["verbose", expect.stringContaining("RESONANCE_LOG_LEVEL: must be trace, debug,")],
])("with the log level %j a service ends as on any other configuration", async (level, msg) => {
  expect(await run(level)).toEqual({ exitCode: 78, msg });
});
