// What the official conformance suite starts as a client: it connects to the server whose URL is
// the last argument, calls all its tools, and ends.

import { join } from "node:path";
import { createLogger } from "@resonance/kit";
import { openMcpSource } from "../mcp-source.ts";
import { ToolPins } from "../tool-pins.ts";
import { anyContext, newFolder, serverOf } from "./server-config.ts";

const url = process.argv.at(-1);
const signal = AbortSignal.timeout(20_000);
const tools = { add_numbers: "read", test_reconnection: "read" };
await using source = openMcpSource(serverOf("suite", { url, tools }), {
  log: createLogger("conformance", "silent"),
  pins: new ToolPins(join(newFolder(), "pins.json")),
  pinNewTools: true,
});
await source.settled(signal);
for (const { name } of source.definitions()) {
  await source.call({ name, input: { a: 5, b: 3 } }, anyContext, signal);
}
