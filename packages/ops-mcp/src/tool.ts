import type { z } from "zod";
import type { OpsDeps } from "./deps.ts";

/** Why a tool could not do its work. */
export type ToolErrorCause =
  | "bad_input"
  | "unknown_service"
  | "unknown_namespace"
  | "not_found"
  | "not_configured"
  | "forbidden"
  | "not_allowed"
  | "needs_approval"
  /** It is not any more what it was when the change of it was asked for. */
  | "changed"
  | "unreadable"
  | "unavailable"
  | "certificate"
  | "timed_out"
  | "too_much"
  | "internal";

/** Why there may be nothing to show although the tool did its work. */
export type NoDataCause =
  | "nothing_matches"
  | "log_is_empty"
  | "log_begins_later"
  | "service_has_no_log"
  | "never_restarted"
  | "no_samples_yet"
  | "not_measured"
  | "no_such_series"
  | "no_pods"
  | "nothing_happened"
  | "nothing_fires";

/** What comes of a tool call. */
export type ToolResult<Data> =
  | { readonly outcome: "ok"; readonly data: Data }
  | {
      readonly outcome: "no_data";
      readonly causes: readonly NoDataCause[];
      /** What was really run, with empty results. */
      readonly data: Data;
    }
  | {
      readonly outcome: "error";
      readonly cause: ToolErrorCause;
      /** English, for a model or a log; never a stack or a driver's text. */
      readonly message: string;
      readonly retryHelps: boolean;
      /** What the caller may have meant. */
      readonly near: readonly string[];
    };

/** One entry of the table of tools. A tool reads or writes, never both. */
export type Tool<Name extends string, Input extends z.ZodType, Data> = {
  readonly name: Name;
  /** For a model that chooses tools. */
  readonly description: string;
  readonly input: Input;
  /** What writes is only ever proposed; calling it here does nothing and says so. */
  readonly access: "read" | "write";
  /** May throw a ToolError, which becomes the `error` outcome. */
  run(deps: OpsDeps, input: z.output<Input>, signal: AbortSignal): Promise<ToolResult<Data>>;
  /** What was run and found, for a model: English, compact, with totals and what was left out. */
  toText(data: Data): string;
};

/** A tool whose name, input and output the caller does not know. */
export type AnyTool = Tool<string, z.ZodType, unknown>;

/** Thrown inside a tool; `callTool` makes it the `error` outcome. */
export class ToolError extends Error {
  override readonly name = "ToolError";
  readonly code: ToolErrorCause;
  readonly retryHelps: boolean;
  readonly near: readonly string[];

  constructor(
    code: ToolErrorCause,
    message: string,
    details: { retryHelps?: boolean; near?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.retryHelps = details.retryHelps ?? false;
    this.near = details.near ?? [];
  }
}
