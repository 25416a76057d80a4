import {
  type AnyTool,
  callTool,
  type OpsDeps,
  opsTools,
  type ToolOutput,
} from "@resonance/ops-mcp";
import type { Toolbox } from "./brain/brain.ts";
import { describeCall } from "./progress-text.ts";
import type { Question } from "./question.ts";

/**
 * The tools for one question. Windows that name no end reach up to the question, however late it
 * is answered: asked twice, it is answered alike.
 */
export function createToolbox(
  ops: OpsDeps,
  question: Question,
  report: (text: string) => void,
): Toolbox {
  const deps = { ...ops, nowMs: () => question.askedUntilMs };
  return {
    async call(name, input, signal) {
      report(describeCall(name, input, question.language));
      const tool: AnyTool = opsTools[name];
      const result = await callTool(deps, tool, input, signal);
      // The output is that of the tool of this name: the table's type says so.
      return result as ToolOutput<typeof name>;
    },
  };
}
