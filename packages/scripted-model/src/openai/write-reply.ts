import { type Piece, paced, send, sendDelta, split, wait } from "../piece.ts";
import type { Spoken } from "../spoken.ts";

const finishReasons = {
  stop: "stop",
  tool_calls: "tool_calls",
  length: "length",
  refusal: "content_filter",
} as const satisfies Record<Spoken["end"], string>;

/** The events of a streamed completion. */
export function openaiEvents(said: Spoken): Piece[] {
  const { reply } = said;
  const event = (delta: object, finish: string | null = null) =>
    line({ ...envelope(said), choices: [{ index: 0, delta, finish_reason: finish }] });
  const deltas = [
    ...said.text.map((content) => event({ content })),
    ...said.calls.flatMap(({ id, name, json }, index) => [
      event({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] }),
      ...split(json).map((part) =>
        event({ tool_calls: [{ index, function: { arguments: part } }] }),
      ),
    ]),
  ];
  return [
    send(event({ role: "assistant", content: "" })),
    ...wait(reply.firstTokenAfterMs),
    ...(said.thinking ? [sendDelta(event({ reasoning_content: said.thinking }))] : []),
    ...paced(reply.betweenTokensMs, deltas.map(sendDelta)),
    send(event({}, finishReasons[said.end])),
    send(line({ ...envelope(said), choices: [], usage: usageOf(said) })),
    send("data: [DONE]\n\n"),
  ];
}

export function openaiError(type: string, message: string): object {
  return { error: { message, type, param: null, code: type } };
}

export function openaiErrorEvent(type: string, message: string): string {
  return line(openaiError(type, message));
}

function line(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function envelope({ id, model }: Spoken): object {
  return { id, object: "chat.completion.chunk", created: 1_790_000_000, model };
}

function usageOf({ usage }: Spoken): object {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
  };
}
