import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@resonance/kit";
import type { LocalBackend } from "../deps.ts";
import { startSampler } from "../local/sampler.ts";

/** A stack as its starter describes it, whose processes are this one. */
export type LocalStack = AsyncDisposable & {
  readonly local: LocalBackend;
  /** What every service answers at /metrics. */
  exposition: string;
  /** Changes what is said of services. */
  describe(changes: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Promise<void>;
  /** Writes a service's log as a whole: `[seconds ago, level, message]`. */
  writeLog(service: string, lines: readonly (readonly [number, string, string])[]): Promise<void>;
};

const names = ["mysql", "nats", "logic", "gateway", "task", "bot"];

/** All services run and have empty logs; mysql and nats are servers that answer. */
export async function openLocalStack(): Promise<LocalStack> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "local-stack-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const server = createServer((_, response) => response.end(opened.exposition));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stack.defer(async () => void server.close().closeAllConnections());
  // listen() on host and port gives an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const stackFile = join(folder, "services.json");
  const startedAt = new Date(Date.now() - 3_600_000).toISOString();
  const describe: LocalStack["describe"] = async (changes) => {
    const services = names.map((name) => ({
      name,
      kind: name === "mysql" || name === "nats" ? "server" : "service",
      state: "running",
      pid: process.pid,
      startedAt,
      restarts: 0,
      lastExit: null,
      logFile: join(folder, `${name}.log`),
      metricsUrl: `http://127.0.0.1:${port}/metrics`,
      address: `127.0.0.1:${port}`,
      ...changes[name],
    }));
    await writeFile(stackFile, JSON.stringify({ startedAt, services }));
  };
  await describe({});
  for (const name of names) await writeFile(join(folder, `${name}.log`), "");
  const log = createLogger("test", "silent");
  const sampler = stack.use(startSampler({ stackFile, log, intervalMs: 3_600_000 }));
  const kept = stack.move();
  const opened: LocalStack = {
    local: { stackFile, sampler },
    exposition: "",
    describe,
    async writeLog(service, lines) {
      const text = lines.map(([secondsAgo, level, msg]) => {
        const time = new Date(Date.now() - secondsAgo * 1_000).toISOString();
        return `${JSON.stringify({ level, time, service, pid: 1, msg })}\n`;
      });
      await writeFile(join(folder, `${service}.log`), text.join(""));
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
  return opened;
}
