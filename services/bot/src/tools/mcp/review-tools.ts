import type { Tool } from "@modelcontextprotocol/client";
import type { Logger } from "@resonance/kit";
import type { ToolDefinition } from "../tool-source.ts";
import type { McpServerConfig } from "./mcp-config.ts";
import { prefixedName } from "./tool-name.ts";
import { digestOf, type PinnedDefinition, type ToolPins } from "./tool-pins.ts";

/** A tool of a server, and whether models may have it. */
export type OfferedTool = {
  /** With the server's prefix. */
  readonly name: string;
  /** The server's own name for it. */
  readonly tool: string;
  readonly standing: "callable" | "not_allowed" | "changed" | "not_pinned" | "unusable" | "missing";
  /** As the server describes it now; undefined where it is missing. */
  readonly current: PinnedDefinition | undefined;
  /** As it was accepted; undefined where it never was. */
  readonly accepted: PinnedDefinition | undefined;
  /** For models; undefined unless callable. */
  readonly definition: ToolDefinition | undefined;
};

// The definitions of all servers share a model's window with everything else.
const maxDefinitionBytes = 16 * 1024;

/**
 * Judges what a server offers. Denied is what the configuration does not name. What it names is
 * pinned when it is first seen, where `pinNewTools` says so; what is no longer as it was pinned
 * waits for an operator. The server's own hints count for nothing.
 */
export async function reviewTools(
  deps: { readonly log: Logger; readonly pins: ToolPins; readonly pinNewTools: boolean },
  server: McpServerConfig,
  listed: readonly Tool[],
  before: readonly OfferedTool[],
): Promise<readonly OfferedTool[]> {
  const pins = await readPins(deps, server);
  const unpinned = new Map<string, PinnedDefinition>();
  const judged = names(server, listed).map((tool): OfferedTool => {
    const access = server.tools.get(tool);
    const found = listed.filter(({ name }) => name === tool);
    const current = found[0] && describe(found[0]);
    const accepted = pins?.get(tool);
    const base = { name: prefixedName(server.name, tool), tool, current, accepted };
    const without = { ...base, definition: undefined };
    if (access === undefined) return { ...without, standing: "not_allowed" };
    if (!current) return { ...without, standing: "missing" };
    // Two of one name: which of them would be called?
    if (found.length > 1 || !fits(current)) return { ...without, standing: "unusable" };
    if (accepted && accepted.digest !== digestOf(current)) {
      return { ...without, standing: "changed" };
    }
    if (!accepted) {
      if (!pins || !deps.pinNewTools) return { ...without, standing: "not_pinned" };
      unpinned.set(tool, current);
    }
    const description = `[${server.name}] ${current.description}`;
    const { $schema, ...inputSchema } = current.inputSchema;
    const outside = server.isOutside ? { isOutside: true } : {};
    const definition = { name: base.name, description, inputSchema, access, ...outside };
    return { ...base, standing: "callable", definition };
  });
  const reviewed = (await pinned(deps, server, unpinned)) ? judged : withdrawn(judged, unpinned);
  tellChanges(deps.log, server, before, reviewed);
  return reviewed;
}

/** In one order, whatever the order of the server: prompt caches live on that. */
function names(server: McpServerConfig, listed: readonly Tool[]): string[] {
  return [...new Set([...server.tools.keys(), ...listed.map(({ name }) => name)])].toSorted();
}

/** What models are told. */
function describe(tool: Tool): PinnedDefinition {
  const { description, inputSchema } = tool;
  return {
    description: visible(description ?? tool.title ?? ""),
    // A record stays a record: only strings within it are touched.
    inputSchema: visibleWithin(inputSchema) as Record<string, unknown>,
  };
}

/** Characters that nobody sees can hide orders from the one who accepts a description. */
function visible(text: string): string {
  return text.replace(/[\p{Cf}\p{Co}\p{Cs}\p{Variation_Selector}]|(?![\n\t])\p{Cc}/gu, "");
}

function visibleWithin(value: unknown): unknown {
  if (typeof value === "string") return visible(value);
  if (Array.isArray(value)) return value.map(visibleWithin);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, visibleWithin(part)]));
}

function fits(definition: PinnedDefinition): boolean {
  return Buffer.byteLength(JSON.stringify(definition)) <= maxDefinitionBytes;
}

/** Undefined where the pins cannot be read: then nothing of the server may be called. */
async function readPins(
  { log, pins }: { readonly log: Logger; readonly pins: ToolPins },
  server: McpServerConfig,
): Promise<Awaited<ReturnType<ToolPins["of"]>> | undefined> {
  try {
    return await pins.of(server.name);
  } catch (error) {
    log.error({ err: error, mcpServer: server.name }, "no tool of the server can be called");
    return undefined;
  }
}

async function pinned(
  { log, pins }: { readonly log: Logger; readonly pins: ToolPins },
  server: McpServerConfig,
  definitions: ReadonlyMap<string, PinnedDefinition>,
): Promise<boolean> {
  if (definitions.size === 0) return true;
  try {
    await pins.accept(server.name, definitions, new Date());
    const tools = [...definitions.keys()];
    log.info({ mcpServer: server.name, tools }, "accepted tools as they are now");
    return true;
  } catch (error) {
    log.error({ err: error, mcpServer: server.name }, "cannot write down what was accepted");
    return false;
  }
}

function withdrawn(
  judged: readonly OfferedTool[],
  unpinned: ReadonlyMap<string, PinnedDefinition>,
): readonly OfferedTool[] {
  return judged.map((tool) =>
    unpinned.has(tool.tool) ? { ...tool, standing: "not_pinned", definition: undefined } : tool,
  );
}

function tellChanges(
  log: Logger,
  server: McpServerConfig,
  before: readonly OfferedTool[],
  after: readonly OfferedTool[],
): void {
  for (const { tool, standing } of after) {
    const was = before.find((other) => other.tool === tool)?.standing;
    if (standing === was || standing === "callable" || standing === "not_allowed") continue;
    log.warn({ mcpServer: server.name, tool, standing }, "a configured tool cannot be called");
  }
}
