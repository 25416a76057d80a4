import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/client";
import type { ToolOutcome } from "../tool-source.ts";

/** What a server answered, for a model. What is not text is named, with its size. */
export function outcomeOf(result: CallToolResult): ToolOutcome {
  const text = result.content.map(textOf).join("\n").trim();
  const data = result.structuredContent;
  if (result.isError === true) {
    return { outcome: "error", text: `ERROR: ${text || "the tool failed and did not say why"}` };
  }
  if (text === "" && data === undefined) {
    return { outcome: "no_data", text: "NO DATA. The tool answered with nothing." };
  }
  return {
    outcome: "ok",
    text: text || JSON.stringify(data),
    ...(data === undefined ? {} : { data }),
  };
}

function textOf(block: ContentBlock): string {
  switch (block.type) {
    case "text":
      return block.text;
    case "image":
    case "audio":
      return `[${block.type}, ${block.mimeType}, ${base64Bytes(block.data)} bytes, not shown]`;
    case "resource_link":
      return `[link to ${block.name}: ${block.uri}]`;
    case "resource":
      return "text" in block.resource
        ? `[resource ${block.resource.uri}]\n${block.resource.text}`
        : `[resource ${block.resource.uri}, ${base64Bytes(block.resource.blob)} bytes, not shown]`;
    default:
      return block satisfies never;
  }
}

function base64Bytes(data: string): number {
  return Buffer.byteLength(data, "base64");
}
