export type Api = "anthropic" | "openai";

/** A request in words of our own, the same for both APIs. */
export type ModelRequest = {
  readonly api: Api;
  readonly model: string;
  readonly system: string;
  /** The conversation, flat: a message of several parts is several entries. */
  readonly entries: readonly Entry[];
  readonly tools: readonly OfferedTool[];
  /** Whether a tool may be called. */
  readonly toolChoice: "auto" | "none";
  readonly maxTokens: number | undefined;
  readonly temperature: number | undefined;
  /** Where a prompt cache is asked for: `system`, `tools`, or the number of an entry. */
  readonly cacheMarks: readonly (string | number)[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
};

export type Entry =
  | { readonly kind: "user"; readonly text: string }
  | { readonly kind: "assistant"; readonly text: string }
  | { readonly kind: "thinking"; readonly text: string }
  | {
      readonly kind: "tool_call";
      readonly id: string;
      readonly name: string;
      readonly input: unknown;
    }
  | {
      readonly kind: "tool_result";
      readonly id: string;
      readonly text: string;
      readonly isError: boolean;
    };

export type OfferedTool = {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: unknown;
};

/** One line that a person can read and a test can name. Ids are left out: they are random. */
export function describeEntry(entry: Entry): string {
  switch (entry.kind) {
    case "tool_call":
      return `calls ${entry.name} ${JSON.stringify(entry.input)}`;
    case "tool_result":
      return `${entry.isError ? "error" : "result"}: ${entry.text}`;
    case "user":
    case "assistant":
    case "thinking":
      return `${entry.kind}: ${entry.text}`;
    default:
      return entry satisfies never;
  }
}

/** What the real API answers to a request that it does not take. */
export class ApiRefusal extends Error {
  override readonly name = "ApiRefusal";
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

/** @throws ApiRefusal, as both APIs do for a malformed request */
export function requireThat(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ApiRefusal(400, "invalid_request_error", message);
}
