import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { type Entry, type ModelRequest, requireThat } from "../model-request.ts";
import { plainHeaders } from "../plain-headers.ts";

const text = z.union([
  z.string(),
  z
    .array(z.object({ type: z.literal("text"), text: z.string() }))
    .transform((parts) => parts.map((part) => part.text).join("\n")),
]);
const message = z.discriminatedUnion("role", [
  z.object({ role: z.literal("system"), content: text }),
  z.object({ role: z.literal("user"), content: text }),
  z.object({
    role: z.literal("assistant"),
    content: text.nullish(),
    tool_calls: z
      .array(
        z.object({
          id: z.string(),
          type: z.literal("function"),
          function: z.object({ name: z.string(), arguments: z.string() }),
        }),
      )
      .optional(),
  }),
  z.object({ role: z.literal("tool"), tool_call_id: z.string(), content: text }),
]);
const Body = z.object({
  model: z.string().min(1),
  // The real API also answers in one piece; nobody here reads that.
  stream: z.literal(true),
  stream_options: z.object({ include_usage: z.boolean() }).optional(),
  max_tokens: z.number().int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  messages: z.array(message).min(1),
  tools: z
    .array(
      z.object({
        type: z.literal("function"),
        function: z.object({
          name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
          description: z.string().default(""),
          parameters: z.looseObject({ type: z.literal("object") }),
        }),
      }),
    )
    .min(1)
    .optional(),
  tool_choice: z.enum(["auto", "none"]).optional(),
});

type Message = z.infer<typeof message>;

/**
 * A request to `POST /v1/chat/completions`, as strict as the API itself.
 *
 * @throws ApiRefusal
 */
export function readOpenaiRequest(headers: IncomingHttpHeaders, body: unknown): ModelRequest {
  const parsed = Body.safeParse(body);
  requireThat(parsed.success, parsed.success ? "" : z.prettifyError(parsed.error));
  const { data } = parsed;
  checkPairs(data.messages);
  const system = data.messages.flatMap((one) => (one.role === "system" ? [one.content] : []));
  return {
    api: "openai",
    model: data.model,
    system: system.join("\n"),
    entries: data.messages.flatMap(entriesOf),
    tools: (data.tools ?? []).map((tool) => ({
      name: tool.function.name,
      description: tool.function.description,
      inputSchema: tool.function.parameters,
    })),
    toolChoice: data.tool_choice ?? (data.tools ? "auto" : "none"),
    maxTokens: data.max_tokens,
    temperature: data.temperature,
    cacheMarks: [],
    headers: plainHeaders(headers),
    body,
  };
}

/** Tool messages follow the calls that they answer, one for each. */
function checkPairs(messages: readonly Message[]): void {
  const open = new Set<string>();
  for (const one of messages) {
    if (one.role === "tool") {
      requireThat(
        open.delete(one.tool_call_id),
        "messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
      );
      continue;
    }
    requireThat(
      open.size === 0,
      "An assistant message with 'tool_calls' must be followed by tool messages",
    );
    if (one.role === "assistant") for (const { id } of one.tool_calls ?? []) open.add(id);
  }
  requireThat(open.size === 0, "the last 'tool_calls' have no tool messages");
}

function entriesOf(one: Message): Entry[] {
  switch (one.role) {
    case "system":
      return [];
    case "user":
      return [{ kind: "user", text: one.content }];
    case "assistant":
      return [
        ...(one.content ? [{ kind: "assistant", text: one.content } as const] : []),
        ...(one.tool_calls ?? []).map(({ id, function: called }) => ({
          kind: "tool_call" as const,
          id,
          name: called.name,
          input: parseArguments(called.arguments),
        })),
      ];
    case "tool":
      return [{ kind: "tool_result", id: one.tool_call_id, text: one.content, isError: false }];
    default:
      return one satisfies never;
  }
}

function parseArguments(json: string): unknown {
  try {
    const input: unknown = JSON.parse(json);
    requireThat(typeof input === "object" && input !== null, "arguments must be an object");
    return input;
  } catch (error) {
    if (error instanceof SyntaxError) requireThat(false, "arguments must be JSON");
    throw error;
  }
}
