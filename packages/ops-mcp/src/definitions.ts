import { z } from "zod";
import type { AnyTool } from "./tool.ts";
import { opsTools } from "./tools.ts";

/** A tool as a model or an MCP client is told of it. */
export type OpsToolDefinition = {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object, of what a caller gives: defaults may be left out. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly access: "read" | "write";
};

/** All definitions, in a fixed order and spelling: prompt caches live on that. */
export function toolDefinitions(): readonly OpsToolDefinition[] {
  return Object.values<AnyTool>(opsTools).map(({ name, description, input, access }) => ({
    name,
    description,
    inputSchema: schemaOf(input),
    access,
  }));
}

function schemaOf(input: z.ZodType): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(input, { io: "input" });
  return schema;
}
