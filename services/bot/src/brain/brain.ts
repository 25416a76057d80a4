import type { ToolInput, ToolName, ToolOutput } from "@resonance/ops-mcp";
import type { Question } from "../question.ts";

/** The tools as a brain sees them: each call is told to the asker, and what comes out is redacted. */
export type Toolbox = {
  call<Name extends ToolName>(
    name: Name,
    input: ToolInput<Name>,
    signal: AbortSignal,
  ): Promise<ToolOutput<Name>>;
};

/** What turns a question into an answer. Rules and models are used through this alone. */
export type Brain = {
  readonly name: string;
  /**
   * Resolves to Markdown in the question's language. May throw; the asker is then told in plain
   * words that it failed.
   */
  think(question: Question, tools: Toolbox, signal: AbortSignal): Promise<string>;
};
