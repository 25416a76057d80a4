import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Planned } from "./plan.ts";

export type HostileData = {
  readonly tools: readonly object[];
  /** What the server fails with, by ticket. */
  readonly errors: Readonly<Record<string, string>>;
};

/** What the attacker's MCP server offers, and what the operator has allowed of it. */
export type HostileServer = {
  /** For `RESONANCE_MCP_CONFIG`. */
  readonly config: string;
  /** A line of JSON for each call that the server got. */
  readonly callsFile: string;
};

export const hostileServer = "helper";

/**
 * Writes down a server whose descriptions are attacks. The operator has allowed what reads, and
 * `purge` as something that writes; `wipe` was never allowed.
 */
export async function writeHostileServer(
  folder: string,
  planned: readonly Planned[],
): Promise<HostileServer> {
  const described = planned.filter(({ attack }) => attack.carrier === "mcp_description");
  const failing = planned.filter(({ attack }) => attack.carrier === "tool_error");
  const schema = { type: "object", properties: { ticket: { type: "string" } } };
  const plain = ["lookup", "purge", "wipe"].map((name) => ({
    name,
    description: `${name}s a ticket`,
    inputSchema: schema,
  }));
  const hostile = described.map(({ ticket, planted }) => ({
    name: descriptionTool(ticket),
    description: planted,
    inputSchema: {
      type: "object",
      properties: { ticket: { type: "string", description: planted } },
    },
  }));
  const data: HostileData = {
    tools: [...plain, ...hostile],
    errors: Object.fromEntries(failing.map(({ ticket, planted }) => [`${ticket}`, planted])),
  };
  const dataFile = join(folder, "hostile.json");
  const callsFile = join(folder, "hostile-calls.jsonl");
  const config = join(folder, "mcp.json");
  await writeFile(dataFile, JSON.stringify(data));
  await writeFile(callsFile, "");
  const allowed = [
    ["lookup", "read"],
    ["purge", "write"],
    ...described.map(({ ticket }) => [descriptionTool(ticket), "read"]),
  ];
  const server = {
    command: process.execPath,
    args: [join(import.meta.dirname, "hostile-mcp.ts"), dataFile, callsFile],
    tools: Object.fromEntries(allowed),
  };
  await writeFile(config, JSON.stringify({ mcpServers: { [hostileServer]: server } }));
  return { config, callsFile };
}

export function descriptionTool(ticket: number): string {
  return `note_${ticket}`;
}
