import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openServers } from "../servers/open-servers.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** What `testServers` hands to the tests. */
    resonanceServers: ProvidedServers;
  }
}

export type ProvidedServers = {
  mysql: { url: string; version: string; pid: number | null };
  nats: { url: string; version: string; pid: number | null };
};

/**
 * Opens one MySQL and one NATS server for all live tests of the run. TEST_MYSQLD and
 * TEST_NATS_SERVER name other programs than those on PATH; a wrapper script has to `exec`.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), "resonance-test-"));
  const servers = await openServers({
    home,
    durability: "fast",
    environment: process.env,
    // Quiet unless something takes long: installing, or fetching images.
    notify: (line) => process.stderr.write(`${line}\n`),
    signal: AbortSignal.timeout(600_000),
    programs: {
      mysqld: process.env.TEST_MYSQLD || undefined,
      natsServer: process.env.TEST_NATS_SERVER || undefined,
    },
  });
  const { mysql, nats } = servers;
  project.provide("resonanceServers", {
    mysql: { url: mysql.url, version: mysql.version, pid: mysql.process?.pid ?? null },
    nats: { url: nats.url, version: nats.version, pid: nats.process?.pid ?? null },
  });
  return async () => {
    await servers[Symbol.asyncDispose]();
    await rm(home, { recursive: true });
  };
}
