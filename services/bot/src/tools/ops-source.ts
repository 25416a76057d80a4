import {
  type AnyTool,
  callTool,
  foundTargets,
  type OpsDeps,
  opsTools,
  toolDefinitions,
  toolText,
} from "@resonance/ops-mcp";
import type { ToolSource } from "./tool-source.ts";

/**
 * Our own tools, in this process. The data of an outcome is the whole result of the tool, as its
 * output type says. Disposing leaves what the tools work on to its owner.
 */
export function openOpsSource(ops: OpsDeps): ToolSource {
  const tools = new Map<string, AnyTool>(Object.entries(opsTools));
  const definitions = toolDefinitions();
  return {
    name: "ops",
    definitions: () => definitions,
    async call({ name, input }, context, signal) {
      const tool = tools.get(name);
      if (!tool) {
        const text = `ERROR (bad_input): there is no tool ${name}. A retry does not help. There are: ${[...tools.keys()].join(", ")}.`;
        return { outcome: "error", text };
      }
      const deps = { ...ops, nowMs: () => context.nowMs };
      const result = await callTool(deps, tool, input, signal);
      const about = foundTargets(result);
      return { outcome: result.outcome, text: toolText(tool, result), data: result, about };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
