import { type OpsDeps, toolDefinitions } from "@resonance/ops-mcp";
import type { BrainMessage } from "../brain/model-port.ts";
import { offlineBrain } from "../brain/offline/offline-brain.ts";
import { commandBrain } from "../commands/command-brain.ts";
import { openOpsSource } from "../tools/ops-source.ts";
import { questionOf } from "./question-of.ts";

export type Asked = {
  readonly answer: string;
  /** The tools that were called, in order. */
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
};

/** Asks the rules, or has a command run, with our own tools really run on what `ops` names. */
export async function askOffline(text: string, ops: OpsDeps, signal: AbortSignal): Promise<Asked> {
  const brain = text.startsWith("/") ? commandBrain : offlineBrain;
  const question = questionOf(text, { askedUntilMs: ops.nowMs() });
  await using source = openOpsSource(ops);
  const calls: Asked["calls"][number][] = [];
  const messages: BrainMessage[] = [{ role: "user", text }];
  for (;;) {
    const step = await brain.next(
      {
        system: "",
        question,
        messages,
        tools: toolDefinitions(),
        maxOutputTokens: 100,
        onText: () => undefined,
      },
      signal,
    );
    if (step.finish === "answer") return { answer: step.text, calls };
    const results = [];
    for (const call of step.toolCalls) {
      calls.push({ name: call.name, input: call.input });
      const context = {
        requester: question.from,
        sessionId: question.sessionId,
        msgId: question.msgId,
        asked: text,
        language: question.language,
        nowMs: question.askedUntilMs,
      };
      results.push({ call, ...(await source.call(call, context, signal)) });
    }
    messages.push({ role: "assistant", ...step }, { role: "tool", results });
  }
}
