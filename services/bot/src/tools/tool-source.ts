import type { Username } from "@resonance/mq-proto";
import type { FoundTarget } from "@resonance/ops-mcp";
import type { Language } from "../language.ts";

/** A tool as a model is told of it. */
export type ToolDefinition = {
  /** Unique over all sources: what is not ours carries its server's name as a prefix. */
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** A tool reads or writes, never both. A writing tool is only ever proposed. */
  readonly access: "read" | "write";
  /** Whether what it is called with leaves the house. Default: it stays. */
  readonly isOutside?: boolean;
};

/** What a brain asks for. */
export type ToolCall = {
  /** Unique within a run. */
  readonly id: string;
  readonly name: string;
  /** As the model wrote it: not validated. */
  readonly input: unknown;
};

/** On whose behalf a tool is called. */
export type ToolContext = {
  readonly requester: Username;
  readonly sessionId: string;
  /** The message that asks. */
  readonly msgId: bigint;
  /** The asker's own words; everything else that a brain has read may be somebody else's. */
  readonly asked: string;
  readonly language: Language;
  /** The end, excluded, of windows that name none: the time of the question. */
  readonly nowMs: number;
};

/** What comes of a call. Never thrown: a failure is an outcome that the brain can read. */
export type ToolOutcome = {
  readonly outcome: "ok" | "no_data" | "error";
  /** What a model reads. Says itself what was left out. Not yet redacted or cut. */
  readonly text: string;
  /** The structured result, for whoever renders it. JSON. */
  readonly data?: unknown;
  /** What the named service was found to be, where the source resolves names by itself. */
  readonly about?: readonly FoundTarget[];
};

/** Where tools come from: our own, in this process, or an MCP server. */
export type ToolSource = AsyncDisposable & {
  /** Of this process's configuration: `ops`, or the server's name. */
  readonly name: string;
  /** In a fixed order, so that prompt caches hold. May change over time. */
  definitions(): readonly ToolDefinition[];
  /** Rejects only with the reason of an aborted signal. */
  call(
    call: Pick<ToolCall, "name" | "input">,
    context: ToolContext,
    signal: AbortSignal,
  ): Promise<ToolOutcome>;
};
