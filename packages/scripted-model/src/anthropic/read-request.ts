import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import { type Entry, type ModelRequest, requireThat } from "../model-request.ts";
import { plainHeaders } from "../plain-headers.ts";

const cacheControl = z.object({ type: z.literal("ephemeral") }).optional();
const textBlock = z.object({
  type: z.literal("text"),
  text: z.string(),
  cache_control: cacheControl,
});
const block = z.discriminatedUnion("type", [
  textBlock,
  z.object({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() }),
  z.object({
    type: z.literal("tool_use"),
    id: z.string(),
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
    input: z.record(z.string(), z.unknown()),
    cache_control: cacheControl,
  }),
  z.object({
    type: z.literal("tool_result"),
    tool_use_id: z.string(),
    content: z.union([z.string(), z.array(textBlock)]).optional(),
    is_error: z.boolean().optional(),
    cache_control: cacheControl,
  }),
]);
const Body = z.object({
  model: z.string().min(1),
  max_tokens: z.number().int().min(1),
  // The real API also answers in one piece; nobody here reads that.
  stream: z.literal(true),
  temperature: z.number().min(0).max(1).optional(),
  system: z.union([z.string(), z.array(textBlock)]).optional(),
  messages: z
    .array(
      z.object({
        role: z.enum(["user", "assistant"]),
        content: z.union([z.string(), z.array(block)]),
      }),
    )
    .min(1),
  tools: z
    .array(
      z.object({
        name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
        description: z.string().default(""),
        input_schema: z.looseObject({ type: z.literal("object") }),
        cache_control: cacheControl,
      }),
    )
    .default([]),
  tool_choice: z.object({ type: z.enum(["auto", "none"]) }).optional(),
});

type Block = z.infer<typeof block>;
type Message = z.infer<typeof Body>["messages"][number];

/**
 * A request to `POST /v1/messages`, as strict as the API itself about what clients get wrong.
 *
 * @throws ApiRefusal
 */
export function readAnthropicRequest(headers: IncomingHttpHeaders, body: unknown): ModelRequest {
  const plain = plainHeaders(headers);
  requireThat(plain["anthropic-version"] !== undefined, "anthropic-version: header is required");
  const parsed = Body.safeParse(body);
  requireThat(parsed.success, parsed.success ? "" : z.prettifyError(parsed.error));
  const { data } = parsed;
  const messages = data.messages.map(({ role, content }) => ({ role, blocks: blocksOf(content) }));
  checkTexts(messages.flatMap(({ blocks }) => blocks));
  checkPairs(messages);
  const hasToolBlocks = messages.some(({ blocks }) =>
    blocks.some((one) => one.type === "tool_use"),
  );
  requireThat(
    !hasToolBlocks || data.tools.length > 0,
    "Requests which have `tool_use` or `tool_result` blocks in messages must define tools",
  );
  const system = blocksOf(data.system ?? []);
  const flat = messages.flatMap(({ role, blocks }) => blocks.map((one) => ({ role, block: one })));
  const marks = [
    ...(data.tools.some((tool) => tool.cache_control) ? ["tools"] : []),
    ...(system.some(isMarked) ? ["system"] : []),
    ...flat.flatMap((one, index) => (isMarked(one.block) ? [index] : [])),
  ];
  requireThat(marks.length <= 4, "A maximum of 4 blocks with cache_control may be provided.");
  return {
    api: "anthropic",
    model: data.model,
    system: system.map((one) => (one.type === "text" ? one.text : "")).join("\n"),
    entries: flat.map((one) => entryOf(one.role, one.block)),
    tools: data.tools.map(({ name, description, input_schema }) => ({
      name,
      description,
      inputSchema: input_schema,
    })),
    toolChoice: data.tool_choice?.type ?? (data.tools.length > 0 ? "auto" : "none"),
    maxTokens: data.max_tokens,
    temperature: data.temperature,
    cacheMarks: marks,
    headers: plain,
    body,
  };
}

function blocksOf(content: string | readonly Block[]): readonly Block[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function isMarked(one: Block): boolean {
  return "cache_control" in one && one.cache_control !== undefined;
}

function checkTexts(blocks: readonly Block[]): void {
  for (const one of blocks) {
    const isEmpty = one.type === "text" && one.text.trim() === "";
    requireThat(!isEmpty, "messages: text content blocks must contain non-whitespace text");
  }
}

/** Every call is answered in the very next message, and nothing else is. */
function checkPairs(
  messages: readonly { role: Message["role"]; blocks: readonly Block[] }[],
): void {
  requireThat(messages[0]?.role === "user", "messages: first message must use the user role");
  let open: string[] = [];
  for (const { role, blocks } of messages) {
    const answered = blocks.flatMap((one) => (one.type === "tool_result" ? [one.tool_use_id] : []));
    requireThat(
      open.every((id) => answered.includes(id)) && answered.every((id) => open.includes(id)),
      "messages: `tool_use` ids were found without `tool_result` blocks immediately after",
    );
    open = blocks.flatMap((one) => (one.type === "tool_use" ? [one.id] : []));
    requireThat(open.length === 0 || role === "assistant", "messages: tool_use is the assistant's");
  }
  requireThat(open.length === 0, "messages: the last `tool_use` has no `tool_result`");
}

function entryOf(role: Message["role"], one: Block): Entry {
  switch (one.type) {
    case "text":
      return { kind: role, text: one.text };
    case "thinking":
      return { kind: "thinking", text: one.thinking };
    case "tool_use":
      return { kind: "tool_call", id: one.id, name: one.name, input: one.input };
    case "tool_result": {
      const text = blocksOf(one.content ?? "").map((part) =>
        part.type === "text" ? part.text : "",
      );
      return {
        kind: "tool_result",
        id: one.tool_use_id,
        text: text.join(""),
        isError: one.is_error ?? false,
      };
    }
    default:
      return one satisfies never;
  }
}
