import type { CallToolResult } from "@modelcontextprotocol/server";
import { type Page, shorterPage } from "../page-of.ts";
import { toolText } from "../text/tool-text.ts";
import type { AnyTool, ToolResult } from "../tool.ts";
import { fitText, maxTokens, tokensIn } from "./fit-text.ts";

// What is small by its nature is also given as JSON, for programs. Models get the text.
const structured: ReadonlySet<string> = new Set([
  "list_services",
  "list_pods",
  "list_events",
  "get_alerts",
  "im_status",
]);

/**
 * A result as MCP carries it, text and JSON together within 8,000 tokens. Where they are beyond
 * that, a page has fewer rows, in both, and its cursor goes on with the next; what has no pages
 * comes without its JSON.
 *
 * @param input with the cursor that gave the page, where there was one.
 */
export function callResult(
  tool: AnyTool,
  input: Readonly<Record<string, unknown>>,
  result: ToolResult<unknown>,
): CallToolResult {
  const whole = textOf(tool, result);
  if (result.outcome === "error") return { content: whole, isError: true };
  if (!structured.has(tool.name)) return { content: whole };
  const cursor = typeof input.cursor === "string" ? input.cursor : undefined;
  for (let fitting = result; ; ) {
    const text = toolText(tool, fitting);
    const json = JSON.stringify(fitting);
    const tokens = tokensIn(text) + tokensIn(json);
    if (tokens <= maxTokens) {
      // A tool's data is JSON already; this drops what is undefined.
      return { content: textOf(tool, fitting), structuredContent: JSON.parse(json) };
    }
    const { data } = fitting;
    if (!isPage(data) || data.shown.length < 2) return { content: whole };
    const size = Math.max(1, Math.floor((data.shown.length * maxTokens) / (tokens + 1)));
    fitting = { ...fitting, data: { ...data, ...shorterPage(data, cursor, size) } };
  }
}

function textOf(tool: AnyTool, result: ToolResult<unknown>): CallToolResult["content"] {
  return [{ type: "text", text: fitText(toolText(tool, result)) }];
}

function isPage(data: unknown): data is Page<unknown> {
  return (
    typeof data === "object" &&
    data !== null &&
    "shown" in data &&
    Array.isArray(data.shown) &&
    "cursor" in data
  );
}
