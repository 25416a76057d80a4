// An MCP server in the attacker's hands, in raw JSON-RPC over stdio. `hostile-mcp.ts DATA CALLS`: the
// one file names its tools and what it fails with, and into the other goes every call it gets.
import { appendFileSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { HostileData } from "./hostile-data.ts";

type Message = {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly arguments?: { readonly ticket?: string } };
};

const [dataFile = "", callsFile = ""] = process.argv.slice(2);
// The file is of our own writing.
const data = JSON.parse(readFileSync(dataFile, "utf8")) as HostileData;

function resultOf({ method, params }: Message): unknown {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: "2025-06-18",
        capabilities: { tools: {} },
        serverInfo: { name: "hostile", version: "1" },
      };
    case "ping":
      return {};
    case "tools/list":
      return { tools: data.tools };
    case "tools/call": {
      appendFileSync(callsFile, `${JSON.stringify(params)}\n`);
      const text = data.errors[params?.arguments?.ticket ?? ""] ?? "nothing is known of it";
      return { isError: true, content: [{ type: "text", text }] };
    }
    default:
      return undefined;
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line) as Message;
  const result = resultOf(message);
  if (message.id === undefined || result === undefined) return;
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id: message.id, result })}\n`);
});
