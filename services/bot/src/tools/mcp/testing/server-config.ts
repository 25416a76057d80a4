import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ToolContext } from "../../tool-source.ts";
import { type McpServerConfig, parseMcpConfig } from "../mcp-config.ts";

/** A configured server, from an entry as an operator writes it. */
export function serverOf(name: string, entry: Record<string, unknown>): McpServerConfig {
  const text = JSON.stringify({ mcpServers: { [name]: entry } });
  const [server] = parseMcpConfig(text, {}, "mcp.json");
  if (!server) throw new Error("the entry is disabled");
  return server;
}

/** A folder of the test's own. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "resonance-mcp-"));
}

/** These sources do not look at who asks. */
export const anyContext = {} as ToolContext;
