#!/usr/bin/env node
// resonance-ops-mcp: the ops tools as an MCP server, on Node 24 whatever Node this is.
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../src/mcp/main.ts", import.meta.url));
process.argv.splice(1, 1, fileURLToPath(import.meta.url), main);
await import("../../../bin/node-24.js");
