import { spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";

// npm run soak -- --minutes N: the test of this folder, which takes its length from here.
const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error("--minutes has to be a number over 0");

const root = join(import.meta.dirname, "../../..");
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const config = join(import.meta.dirname, "vitest.config.ts");
const child = spawn(process.execPath, [vitest, "run", "--config", config], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, RESONANCE_SOAK_MINUTES: `${minutes}` },
});
child.once("close", (code) => process.exit(code ?? 1));
