import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findDockerEngine } from "./docker-engine.ts";

let folder = "";
let socket = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "resonance-docker-"));
  socket = join(folder, "docker.sock");
});

afterEach(() => rmSync(folder, { recursive: true }));

test("without a socket there is no engine", async () => {
  expect(await findDockerEngine({}, [socket])).toEqual({
    kind: "absent",
    reason: "no Docker engine",
  });
});

test("a socket whose engine is gone is named", async () => {
  const module =
    "import('node:net').then(n => n.createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL')))";

  spawnSync(process.execPath, ["-e", module, socket]);
  expect(await findDockerEngine({}, [socket])).toMatchObject({
    kind: "absent",
    reason: expect.stringContaining(`${socket} cannot be used: connect ECONNREFUSED`),
  });
});

test("an engine that never answers is waited for 800 ms", async () => {
  await using silent = await listening(createServer(), socket);
  const start = performance.now();
  const engine = await findDockerEngine({}, [socket]);
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(engine).toMatchObject({ reason: expect.stringContaining("no answer within 800 ms") });
  void silent;
});

test("an engine that answers is reachable, by its socket and by DOCKER_HOST", async () => {
  await using engine = await listening(
    createHttpServer((_, response) => response.end("OK")),
    socket,
  );
  const reachable = { kind: "reachable", isLocal: true };
  expect(await findDockerEngine({}, [socket])).toEqual(reachable);
  expect(await findDockerEngine({ DOCKER_HOST: `unix://${socket}` }, [])).toEqual(reachable);
  void engine;
});

test("a DOCKER_HOST that is dead or of another kind is named", async () => {
  for (const dockerHost of [`unix://${socket}`, "tcp://127.0.0.1:1", "ssh://host", "nonsense"]) {
    expect(await findDockerEngine({ DOCKER_HOST: dockerHost }, [])).toMatchObject({
      kind: "absent",
      reason: expect.stringContaining(`DOCKER_HOST=${dockerHost}`),
    });
  }
});

async function listening(server: Server, path: string): Promise<AsyncDisposable> {
  const connections = new Set<{ destroy(): void }>();
  server.on("connection", (connection) => connections.add(connection));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    [Symbol.asyncDispose]: () => {
      for (const connection of connections) connection.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
