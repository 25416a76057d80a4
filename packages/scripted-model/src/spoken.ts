import type { Reply, Usage } from "./reply.ts";

/** A reply with everything filled in that its script leaves open. */
export type Spoken = {
  readonly id: string;
  readonly model: string;
  readonly thinking: string;
  readonly text: readonly string[];
  readonly calls: readonly { readonly id: string; readonly name: string; readonly json: string }[];
  readonly end: NonNullable<Reply["end"]>;
  readonly usage: Usage;
  readonly reply: Reply;
};

export function spoken(reply: Reply, model: string, newId: (prefix: string) => string): Spoken {
  const calls = (reply.toolCalls ?? []).map(({ id, name, input }) => ({
    id: id ?? newId("call"),
    name,
    json: typeof input === "string" ? input : JSON.stringify(input),
  }));
  return {
    id: newId("answer"),
    model,
    thinking: reply.thinking ?? "",
    text: reply.text ?? [],
    calls,
    end: reply.end ?? (calls.length > 0 ? "tool_calls" : "stop"),
    usage: reply.usage ?? { inputTokens: 100, outputTokens: 10, cachedInputTokens: 0 },
    reply,
  };
}
