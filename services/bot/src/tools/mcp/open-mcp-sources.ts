import { unwatchFile, watchFile } from "node:fs";
import { ConfigError, type Environment, type Logger, readConfig } from "@resonance/kit";
import { z } from "zod";
import { type McpServerConfig, readMcpConfig } from "./mcp-config.ts";
import { type McpSource, openMcpSource } from "./mcp-source.ts";
import { ToolPins } from "./tool-pins.ts";

const Config = z.object({
  /** A file in the usual `mcpServers` form. Without it there are no servers but our own tools. */
  RESONANCE_MCP_CONFIG: z.string().optional(),
  /** Where accepted definitions are kept; beside the configuration unless told. */
  RESONANCE_MCP_PINS: z.string().optional(),
});

export type McpSettings = {
  readonly servers: readonly McpServerConfig[];
  readonly pins: ToolPins;
  readonly pinsFile: string;
};

export type McpSources = AsyncDisposable & {
  /** In the order of the file. */
  readonly sources: readonly McpSource[];
};

/**
 * What the environment says of MCP servers; undefined where it says nothing.
 *
 * @throws ConfigError
 */
export function readMcpSettings(environment: Environment): McpSettings | undefined {
  const config = readConfig(Config, environment);
  const path = config.RESONANCE_MCP_CONFIG;
  if (path === undefined) return undefined;
  const servers = readMcpConfig(path, environment);
  // Our own tools are the source of that name.
  if (servers.some(({ name }) => name === "ops")) {
    throw new ConfigError(`${path}: a server cannot be called ops`);
  }
  const pinsFile = config.RESONANCE_MCP_PINS ?? `${path.replace(/\.json$/, "")}.pins.json`;
  return { servers, pins: new ToolPins(pinsFile), pinsFile };
}

/**
 * Opens the servers that the environment names, none where it names no file. They are waited for by
 * nobody: what is away comes later. What an operator accepts counts within 2 s.
 *
 * @throws ConfigError
 */
export function openMcpSources(environment: Environment, log: Logger): McpSources {
  const settings = readMcpSettings(environment);
  if (!settings) return { sources: [], [Symbol.asyncDispose]: () => Promise.resolve() };
  const { servers, pins, pinsFile } = settings;
  const sources = servers.map((server) => openMcpSource(server, { log, pins, pinNewTools: true }));
  const lookAgain = () => {
    for (const source of sources) void source.reviewAgain();
  };
  watchFile(pinsFile, { interval: 2_000, persistent: false }, lookAgain);
  return {
    sources,
    async [Symbol.asyncDispose]() {
      unwatchFile(pinsFile, lookAgain);
      await Promise.all(sources.map((source) => source[Symbol.asyncDispose]()));
    },
  };
}
