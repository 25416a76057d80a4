import type { ToolInput, ToolName, ToolOutput } from "@resonance/ops-mcp";

/** The tools as rules use them: a call gives its result, whether it is made now or was before. */
export type Toolbox = {
  call<Name extends ToolName>(
    name: Name,
    input: ToolInput<Name>,
    signal: AbortSignal,
  ): Promise<ToolOutput<Name>>;
};
