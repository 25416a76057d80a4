import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPrometheus } from "../find-prometheus.ts";
import { freePort } from "../free-port.ts";
import { awaitReady } from "../servers/await-ready.ts";
import { startChild } from "../servers/child-server.ts";

/** A real Prometheus of the test's own. */
export type Prometheus = AsyncDisposable & { readonly url: string };

const readyWithinMs = 30_000;

/**
 * Starts one that scrapes these `host:port` every second. The first scrape comes some seconds after
 * it is ready: wait for `up`.
 *
 * @param rules a file of rules in YAML, evaluated every second.
 */
export async function openPrometheus(
  targets: readonly string[],
  rules: string,
  signal: AbortSignal,
): Promise<Prometheus> {
  const notify = (line: string) => process.stderr.write(`${line}\n`);
  const program = await findPrometheus({ environment: process.env, notify, signal });
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "prometheus-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const config = {
    global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
    rule_files: [join(folder, "rules.yml")],
    scrape_configs: [{ job_name: "resonance", static_configs: [{ targets }] }],
  };
  // JSON is YAML.
  await writeFile(join(folder, "prometheus.yml"), JSON.stringify(config));
  await writeFile(join(folder, "rules.yml"), rules);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = stack.use(
    await startChild({
      name: "Prometheus",
      program,
      args: [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--log.level=warn",
      ],
      logFile: join(folder, "prometheus.log"),
      recordFile: join(folder, "prometheus.process"),
    }),
  );
  const probe = async () => {
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1_000) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
  };
  await awaitReady("Prometheus", child, probe, readyWithinMs, signal);
  const kept = stack.move();
  return { url, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
