import { type Piece, paced, send, sendDelta, split, wait } from "../piece.ts";
import type { Spoken } from "../spoken.ts";

const stopReasons = {
  stop: "end_turn",
  tool_calls: "tool_use",
  length: "max_tokens",
  refusal: "refusal",
} as const satisfies Record<Spoken["end"], string>;

/** The events of a streamed message. */
export function anthropicEvents(said: Spoken): Piece[] {
  const { reply } = said;
  let index = -1;
  const start = event("message_start", {
    message: { ...envelope(said), content: [], stop_reason: null, usage: inputUsage(said) },
  });
  const block = (content: object, deltas: readonly object[]) => {
    index += 1;
    return [
      send(event("content_block_start", { index, content_block: content })),
      ...paced(
        reply.betweenTokensMs,
        deltas.map((delta) => sendDelta(event("content_block_delta", { index, delta }))),
      ),
      send(event("content_block_stop", { index })),
    ];
  };
  const thinking = said.thinking
    ? block({ type: "thinking", thinking: "", signature: "" }, [
        { type: "thinking_delta", thinking: said.thinking },
        { type: "signature_delta", signature: `signed:${said.id}` },
      ])
    : [];
  const texts = said.text.map((text) => ({ type: "text_delta", text }));
  const text = said.text.length > 0 ? block({ type: "text", text: "" }, texts) : [];
  const calls = said.calls.flatMap(({ id, name, json }) =>
    block(
      { type: "tool_use", id, name, input: {} },
      split(json).map((part) => ({ type: "input_json_delta", partial_json: part })),
    ),
  );
  return [
    send(start),
    send(event("ping", {})),
    ...wait(reply.firstTokenAfterMs),
    ...thinking,
    ...text,
    ...calls,
    send(
      event("message_delta", {
        delta: { stop_reason: stopReasons[said.end], stop_sequence: null },
        usage: { output_tokens: said.usage.outputTokens },
      }),
    ),
    send(event("message_stop", {})),
  ];
}

export function anthropicError(type: string, message: string): object {
  const ofApi = type === "context_length_exceeded" ? "invalid_request_error" : type;
  return { type: "error", error: { type: ofApi, message }, request_id: "req_4711" };
}

export function anthropicErrorEvent(type: string, message: string): string {
  return event("error", anthropicError(type, message));
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

function envelope({ id, model }: Spoken): object {
  return { id, type: "message", role: "assistant", model };
}

function inputUsage({ usage }: Spoken): object {
  return {
    input_tokens: usage.inputTokens - usage.cachedInputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cachedInputTokens,
    output_tokens: 1,
  };
}
