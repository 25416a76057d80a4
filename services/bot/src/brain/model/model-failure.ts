import { APICallError, InvalidResponseDataError } from "@ai-sdk/provider";
import { truncateRedacted } from "@resonance/ops-mcp";
import { z } from "zod";
import type { BrainErrorKind } from "../model-port.ts";

/** Why one try gave no step. */
export type ModelFailure = {
  readonly kind: BrainErrorKind;
  readonly isRetryable: boolean;
  /** How long the provider wants us to stay away. */
  readonly retryAfterMs?: number;
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** The provider's words, shortened and without the request: for the log alone. */
  readonly detail: string;
};

export type SilenceKind = "first_token" | "between_tokens" | "step";

/** The stream ended, or its connection broke, before the model was done. */
export const cutOff: ModelFailure = {
  kind: "offline",
  isRetryable: true,
  detail: "the stream ended before the model was done",
};

export function silence(kind: SilenceKind, limitMs: number): ModelFailure {
  const detail = `${kind}: nothing for ${limitMs} ms`;
  return { kind: "timed_out", isRetryable: false, detail };
}

/** Sorts out whatever the SDK throws or puts into a stream. */
export function failureOf(error: unknown, nowMs = Date.now()): ModelFailure {
  if (InvalidResponseDataError.isInstance(error))
    return { ...cutOff, detail: shorten(error.message) };
  if (APICallError.isInstance(error)) return ofApiCall(error, nowMs);
  const event = StreamError.safeParse(error);
  if (event.success) return ofStreamError(event.data);
  if (error instanceof Error && isConnectionError(error)) {
    return { kind: "offline", isRetryable: true, detail: shorten(messageChain(error)) };
  }
  return { kind: "failed", isRetryable: false, detail: shorten(messageChain(error)) };
}

/** An error inside a stream: Anthropic's as the SDK completes it, or an OpenAI-like one as it is. */
const StreamError = z.object({
  message: z.string(),
  type: z.string().nullish(),
  code: z.union([z.string(), z.number()]).nullish(),
  statusCode: z.number().nullish(),
});

function ofApiCall(error: APICallError, nowMs: number): ModelFailure {
  const detail = shorten(messageChain(error));
  const { statusCode: status } = error;
  // No status: no connection. A status of success: it broke while being read.
  if (status === undefined || status < 300) {
    return { kind: "offline", isRetryable: true, detail };
  }
  const words = `${error.message} ${error.responseBody ?? ""}`;
  const retryAfterMs = readRetryAfter(error.responseHeaders ?? {}, nowMs);
  const failure = { ...ofStatus(status, words), status, detail: `${status} ${detail}` };
  return retryAfterMs === undefined ? failure : { ...failure, retryAfterMs };
}

function ofStreamError(error: z.infer<typeof StreamError>): ModelFailure {
  const words = `${error.type ?? ""} ${error.code ?? ""} ${error.message}`;
  const status = error.statusCode ?? statusOfWords(words, error.code);
  return { ...ofStatus(status, words), status, detail: shorten(`in the stream: ${words}`) };
}

function statusOfWords(words: string, code: string | number | null | undefined): number {
  if (typeof code === "number" && code >= 400) return code;
  if (/rate.?limit|too many requests/i.test(words)) return 429;
  if (/overload|capacity|busy/i.test(words)) return 529;
  if (tooLong.test(words)) return 413;
  return 500;
}

const tooLong =
  /prompt is too long|context.{0,24}(length|window|size)|maximum context|too many (input )?tokens|exceed_context/i;
const outOfCredit = /insufficient_quota|credit balance|billing/i;

type Sorted = Pick<ModelFailure, "kind" | "isRetryable">;

function ofStatus(status: number, words: string): Sorted {
  if (status === 413 || (status === 400 && tooLong.test(words))) {
    return { kind: "too_long", isRetryable: false };
  }
  if (status === 401 || status === 402 || status === 403 || outOfCredit.test(words)) {
    return { kind: "key_problem", isRetryable: false };
  }
  if (status === 408 || status === 504) return { kind: "timed_out", isRetryable: true };
  if (status === 409 || status === 429 || status === 503 || status === 529) {
    return { kind: "busy", isRetryable: true };
  }
  // What stands in front of the model cannot reach it.
  if (status === 502) return { kind: "offline", isRetryable: true };
  return { kind: "failed", isRetryable: status >= 500 };
}

function readRetryAfter(headers: Readonly<Record<string, string>>, nowMs: number) {
  const ms = Number.parseFloat(headers["retry-after-ms"] ?? "");
  if (ms >= 0) return ms;
  const value = headers["retry-after"];
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (seconds >= 0) return seconds * 1_000;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

const connectionCodes =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|UND_ERR_\w+)$/;

function isConnectionError(error: Error): boolean {
  if ("code" in error && connectionCodes.test(String(error.code))) return true;
  // What fetch throws when a body breaks off.
  if (error instanceof TypeError && error.message === "terminated") return true;
  return error.cause instanceof Error && isConnectionError(error.cause);
}

function messageChain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error
    ? `${error.message}: ${messageChain(error.cause)}`
    : error.message;
}

const longestDetail = 300;

function shorten(text: string): string {
  return truncateRedacted(text, longestDetail, { mark: () => "…" });
}
