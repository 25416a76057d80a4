import { existsSync } from "node:fs";
import { request } from "node:http";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../find-program.ts";
import { reasonOf } from "./servers-error.ts";

/** Either the host name under which published ports are reached, or why there is no engine. */
export type DockerEngine =
  | { readonly kind: "reachable"; readonly isLocal: boolean }
  | { readonly kind: "absent"; readonly reason: string };

/** The images that are run where no programs are. */
export const dockerImages = { mysql: "mysql:8.4", nats: "nats:2.12" } as const;

const answerWithinMs = 800;

/**
 * Asks for a Docker engine where testcontainers would look for it: DOCKER_HOST, or the usual
 * sockets. Answers within 0.8 s, also when a socket is dead or its engine hangs.
 */
export async function findDockerEngine(
  environment: Environment,
  sockets: readonly string[] = usualSockets(environment),
): Promise<DockerEngine> {
  const given = environment.DOCKER_HOST;
  if (given) return pingGiven(given);
  const existing = sockets.filter((socket) => existsSync(socket));
  if (existing.length === 0) return { kind: "absent", reason: "no Docker engine" };
  const failures: string[] = [];
  const pings = existing.map((socket) =>
    ping({ socketPath: socket }).catch((error: unknown) => {
      failures.push(`the Docker engine at ${socket} cannot be used: ${reasonOf(error)}`);
      throw error;
    }),
  );
  try {
    await Promise.any(pings);
    return { kind: "reachable", isLocal: true };
  } catch {
    return { kind: "absent", reason: failures.join("; ") };
  }
}

function usualSockets(environment: Environment): string[] {
  const runtimeFolder = environment.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.()}`;
  return [
    "/var/run/docker.sock",
    join(runtimeFolder, "docker.sock"),
    join(homedir(), ".docker", "run", "docker.sock"),
    join(homedir(), ".docker", "desktop", "docker.sock"),
  ];
}

async function pingGiven(dockerHost: string): Promise<DockerEngine> {
  const url = URL.parse(dockerHost);
  const isSocket = url?.protocol === "unix:";
  const isTcp = url?.protocol === "tcp:" || url?.protocol === "http:";
  if (url === null || !(isSocket || isTcp)) {
    return { kind: "absent", reason: `DOCKER_HOST=${dockerHost} is neither unix:// nor tcp://` };
  }
  try {
    await ping(isSocket ? { socketPath: url.pathname } : { host: url.hostname, port: url.port });
    return { kind: "reachable", isLocal: isSocket || isLoopback(url.hostname) };
  } catch (error) {
    const reason = `the Docker engine at DOCKER_HOST=${dockerHost} cannot be used: ${reasonOf(error)}`;
    return { kind: "absent", reason };
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.startsWith("127.") || hostname === "[::1]";
}

function ping(at: { socketPath: string } | { host: string; port: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(answerWithinMs);
    const call = request({ ...at, path: "/_ping", signal }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`it answers with status ${response.statusCode}`));
    });
    call.once("error", (error) =>
      reject(signal.aborted ? new Error(`no answer within ${answerWithinMs} ms`) : error),
    );
    call.end();
  });
}
