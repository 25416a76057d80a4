import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A home as `npm start` leaves it, with one service whose log holds these lines. */
export async function makeHome(logLines: readonly string[]): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "resonance-home-"));
  await mkdir(join(home, "run"));
  const logFile = join(home, "gateway.log");
  const startedAt = new Date().toISOString();
  const entries = logLines.map((msg) =>
    JSON.stringify({ time: startedAt, level: "error", service: "gateway", msg }),
  );
  await writeFile(logFile, `${entries.join("\n")}\n`);
  const gateway = {
    name: "gateway",
    kind: "service",
    pid: process.pid,
    state: "running",
    startedAt,
    restarts: 0,
    lastExit: null,
    logFile,
  };
  const stack = { startedAt, services: [gateway] };
  await writeFile(join(home, "run", "services.json"), JSON.stringify(stack));
  return home;
}
