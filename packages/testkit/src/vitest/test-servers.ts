import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { inject } from "vitest";
import { findProgram } from "../find-program.ts";
import { dockerImages, findDockerEngine } from "../servers/docker-engine.ts";
import { inspectNatsProgram, openPrivateNats } from "../servers/open-private-nats.ts";
import type { Server, ServerPlace } from "../servers/server.ts";
import type { ProvidedServers } from "./global-setup.ts";

export type TestDatabase = AsyncDisposable & {
  /** `mysql://root@127.0.0.1:port/name`. */
  readonly url: string;
  readonly name: string;
};

/** The servers all live tests of the run share. Take a database of your own on them. */
export function testServers(): ProvidedServers {
  // Undefined where the project's global setup did not run, whatever the type says.
  const servers: ProvidedServers | undefined = inject("resonanceServers");
  if (servers === undefined) throw new Error("servers are for *.live.test.ts and test/ only");
  return servers;
}

/** An empty database of a name nobody else has, dropped when disposed. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const url = new URL(testServers().mysql.url);
  const name = `test_${randomBytes(8).toString("hex")}`;
  url.pathname = "/";
  const server = url.href;
  await run(server, `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    name,
    [Symbol.asyncDispose]: () => run(server, `DROP DATABASE IF EXISTS ${name}`),
  };
}

/**
 * A nats-server of your own: subjects and streams are nobody else's, and it may be killed by its
 * `pid`, which is null in a container. Its data is removed when disposed.
 */
export async function openTestNats(): Promise<Server> {
  const home = await mkdtemp(join(tmpdir(), "resonance-nats-"));
  const place = { home, durability: "fast", notify: () => undefined } as const;
  const server = await openNats(place, AbortSignal.timeout(60_000));
  return {
    ...server,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function openNats(place: ServerPlace, signal: AbortSignal): Promise<Server> {
  const path = process.env.TEST_NATS_SERVER || findProgram(["nats-server"], process.env);
  if (path) return openPrivateNats(await inspectNatsProgram(path), place, signal);
  const engine = await findDockerEngine(process.env);
  if (engine.kind === "absent") {
    throw new Error(`a nats-server of one's own needs nats-server on PATH, or Docker`);
  }
  const { openDockerNats } = await import("../servers/docker-servers.ts");
  return openDockerNats({ ...place, isLocal: engine.isLocal, image: dockerImages.nats }, signal);
}

async function run(url: string, sql: string): Promise<void> {
  const connection = await createConnection({ uri: url });
  try {
    await connection.query(sql);
  } finally {
    connection.destroy();
  }
}
