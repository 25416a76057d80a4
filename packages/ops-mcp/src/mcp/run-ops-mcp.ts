import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { localhostAllowedHostnames } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import {
  aborted,
  ConfigError,
  type Environment,
  type Logger,
  readConfig,
  secret,
} from "@resonance/kit";
import { Config, homeOf, type OpsMcpConfig } from "./config.ts";
import { openMcpHttp } from "./http-server.ts";
import { openDeps } from "./open-deps.ts";
import { type CallTurns, createOpsServer } from "./ops-server.ts";

export type RunOpsMcpDeps = {
  readonly environment: Environment;
  /** Writes anywhere but to standard output, which belongs to the protocol. */
  readonly log: Logger;
  readonly stdin: Readable;
  readonly stdout: Writable;
};

const maxMessageBytes = 256 * 1024;

/**
 * Serves the ops tools until aborted: over stdio, which also ends with standard input, or with
 * `--http` over streamable HTTP.
 *
 * @throws ConfigError
 */
export async function runOpsMcp(
  { environment, log, stdin, stdout }: RunOpsMcpDeps,
  words: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const http = words.includes("--http");
  if (words.some((word) => word !== "--http")) {
    throw new ConfigError("usage: resonance-ops-mcp [--http]");
  }
  const config = readConfig(Config, environment);
  log.level = config.RESONANCE_LOG_LEVEL;
  await using stack = new AsyncDisposableStack();
  const deps = openDeps(config, log, stack);
  const turns: CallTurns = { running: 0, max: 8 };
  const factory = () => createOpsServer({ deps, turns });
  if (http) {
    const allowedHosts = allowedHostsOf(config);
    const { token, from } = await tokenOf(config);
    const listen = config.RESONANCE_MCP_LISTEN;
    const server = stack.use(await openMcpHttp({ listen, token, allowedHosts, factory, log }));
    log.info({ url: server.url, tokenFrom: from }, "serving mcp");
    await aborted(signal);
    return;
  }
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: maxMessageBytes });
  const onerror = (error: Error) => log.warn({ err: error }, "mcp message failed");
  const serving = serveStdio(factory, { transport, onerror, maxSubscriptions: 16 });
  stack.defer(() => serving.close());
  log.info("serving mcp over stdio");
  await Promise.race([aborted(signal), ended(stdin)]);
}

function allowedHostsOf(config: OpsMcpConfig): readonly string[] {
  const { RESONANCE_MCP_ALLOWED_HOSTS: named, RESONANCE_MCP_LISTEN: listen } = config;
  if (named) return named;
  if (["127.0.0.1", "::1", "localhost"].includes(listen.host)) return localhostAllowedHostnames();
  throw new ConfigError(
    "RESONANCE_MCP_ALLOWED_HOSTS is missing: where RESONANCE_MCP_LISTEN is not this machine alone, name the hosts",
  );
}

/** The configured token, or the one in the home, which is made once for its owner only (0600). */
async function tokenOf(
  config: OpsMcpConfig,
): Promise<{ readonly token: string; readonly from: string }> {
  if (config.RESONANCE_MCP_TOKEN !== undefined) {
    return { token: config.RESONANCE_MCP_TOKEN, from: "RESONANCE_MCP_TOKEN" };
  }
  const folder = join(homeOf(config), "secrets");
  const path = join(folder, "mcp-token");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await writeFile(path, `${randomBytes(32).toString("base64url")}\n`, {
      flag: "wx",
      mode: 0o600,
    });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const token = (await readFile(path, "utf8")).trim();
  // An empty file is what a full disk left behind.
  if (!secret.safeParse(token).success) {
    throw new ConfigError(`${path}: must have at least 32 bytes; without it another one is made`);
  }
  return { token, from: path };
}

function ended(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    stream.once("end", resolve).once("close", resolve);
  });
}
