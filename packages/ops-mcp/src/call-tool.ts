import { redaction } from "@resonance/redact";
import type { z } from "zod";
import type { OpsDeps } from "./deps.ts";
import { type Tool, ToolError, type ToolResult } from "./tool.ts";

/**
 * Runs a tool on input from a model, a command or a rule. Never throws but for an aborted signal.
 * Everything that comes out has passed the redaction: this is the one way to a tool's output.
 */
export async function callTool<Name extends string, Input extends z.ZodType, Data>(
  deps: OpsDeps,
  tool: Tool<Name, Input, Data>,
  input: unknown,
  signal: AbortSignal,
): Promise<ToolResult<Data>> {
  const parsed = tool.input.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join(".")}: ${issue.message}`,
    );
    return redaction.json(failure(new ToolError("bad_input", problems.join("; "))));
  }
  try {
    return redaction.json(await tool.run(deps, parsed.data, signal));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ToolError) {
      if (error.cause !== undefined) deps.log.warn({ err: error, tool: tool.name }, "tool failed");
      return redaction.json(failure(error));
    }
    deps.log.error({ err: error, tool: tool.name }, "tool failed");
    return failure(new ToolError("internal", `${tool.name} failed; the log says why`));
  }
}

function failure(error: ToolError): Extract<ToolResult<never>, { outcome: "error" }> {
  return {
    outcome: "error",
    cause: error.code,
    message: error.message,
    retryHelps: error.retryHelps,
    near: error.near,
  };
}
