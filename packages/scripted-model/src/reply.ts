/** What the scripted model answers to one request. All of it is sent in the order of the fields. */
export type Reply = {
  /** Before anything is answered, headers included. */
  readonly waitMs?: number;
  /** After the headers and the opening event, before the first token. */
  readonly firstTokenAfterMs?: number;
  readonly thinking?: string;
  /** One delta each. */
  readonly text?: readonly string[];
  readonly toolCalls?: readonly ScriptedCall[];
  /** Between deltas. */
  readonly betweenTokensMs?: number;
  /** Default: `tool_calls` when there are some, else `stop`. */
  readonly end?: "stop" | "tool_calls" | "length" | "refusal";
  readonly usage?: Usage;
  readonly trouble?: Trouble;
};

export type ScriptedCall = {
  /** Default: unique within the server. */
  readonly id?: string;
  readonly name: string;
  /** A string is sent as it is: arguments that are no JSON. */
  readonly input: unknown;
};

export type Usage = {
  /** Those read from a cache included. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
};

/** What goes wrong. `afterDeltas` counts pieces of text, thinking and arguments. */
export type Trouble =
  | {
      readonly kind: "status";
      readonly status: number;
      /** The provider's word for it, and its sentence. */
      readonly type: string;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** An error inside a stream that began well. */
  | {
      readonly kind: "error_event";
      readonly afterDeltas: number;
      readonly type: string;
      readonly message: string;
    }
  /** The connection is reset: before any answer, or in mid-stream. */
  | { readonly kind: "reset"; readonly afterDeltas?: number }
  /** The answer ends early, in good order of HTTP. */
  | { readonly kind: "cut"; readonly afterDeltas: number }
  /** Nothing more comes, and the connection stays: from the start, or in mid-stream. */
  | { readonly kind: "stall"; readonly afterDeltas?: number }
  | { readonly kind: "trickle"; readonly bytesPerSecond: number }
  /** A page, as a proxy in between gives it. */
  | { readonly kind: "page"; readonly status: number };

export function say(...text: readonly string[]): Reply {
  return { text };
}

export function callTool(name: string, input: unknown): Reply {
  return callTools({ name, input });
}

export function callTools(...toolCalls: readonly ScriptedCall[]): Reply {
  return { toolCalls };
}

/** The model declines, as its provider's safety rules have it. */
export function refuse(...text: readonly string[]): Reply {
  return { text, end: "refusal" };
}

/** `retryAfter` as the header has it: seconds, or a date. */
export function rateLimited(retryAfter?: string): Reply {
  const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  const message = "This request would exceed the rate limit of your organization org-4711.";
  return { trouble: { kind: "status", status: 429, type: "rate_limit_error", message, headers } };
}

export function overloaded(): Reply {
  return {
    trouble: { kind: "status", status: 529, type: "overloaded_error", message: "Overloaded" },
  };
}

export function internalError(): Reply {
  const message = "Internal server error at 10.4.7.11";
  return { trouble: { kind: "status", status: 500, type: "api_error", message } };
}

export function badKey(): Reply {
  const message = "invalid x-api-key sk-4711";
  return { trouble: { kind: "status", status: 401, type: "authentication_error", message } };
}

/** The conversation does not fit the model. */
export function tooLong(): Reply {
  return {
    trouble: {
      kind: "status",
      status: 400,
      type: "context_length_exceeded",
      message: "prompt is too long: 210000 tokens > 200000 maximum",
    },
  };
}

export function reset(): Reply {
  return { trouble: { kind: "reset" } };
}

/** Takes the request and never answers. */
export function hang(): Reply {
  return { trouble: { kind: "stall" } };
}
