import { ToolError } from "../tool.ts";
import { truncateRedacted } from "../truncate-redacted.ts";
import { backendError, statusError } from "./backend-error.ts";
import { readBounded } from "./read-bounded.ts";

/** A server of metrics, alerts or logs that is asked over HTTP. */
export type HttpBackend = {
  /** What people call it: `Prometheus`. */
  readonly name: string;
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string | undefined;
};

export type HttpQuery = {
  readonly path: string;
  readonly parameters: readonly (readonly [string, string])[];
};

const timeoutMs = 15_000;
const maxMebibytes = 32;

/**
 * Asks for JSON. An answer of more than 32 MiB is given up, one that hangs is left after 15 s.
 *
 * @throws ToolError that says what happened in plain words, or the reason of an aborted signal.
 */
export async function getJson(
  backend: HttpBackend,
  query: HttpQuery,
  signal: AbortSignal,
): Promise<unknown> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await fetch(`${backend.url}${query.path}?${encode(query.parameters)}`, {
      headers: backend.token === undefined ? {} : { authorization: `Bearer ${backend.token}` },
      redirect: "error",
      signal: limited,
    });
    const text = await readBounded(response.body ?? [], backend.name, maxMebibytes);
    if (!response.ok) throw statusError(backend.name, response.status, sentenceOf(text));
    return parseJson(text, backend.name);
  } catch (error) {
    signal.throwIfAborted();
    throw backendError(backend.name, error);
  }
}

function encode(parameters: HttpQuery["parameters"]): string {
  return new URLSearchParams(parameters.map(([key, value]) => [key, value])).toString();
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ToolError("unavailable", `${name} answered something that is no JSON`, { cause });
  }
}

/** Prometheus and Loki say what is wrong in `error`, or in the body itself. */
function sentenceOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    const said: unknown =
      body !== null && typeof body === "object" ? Reflect.get(body, "error") : undefined;
    return typeof said === "string" ? said : "";
  } catch (error) {
    if (error instanceof SyntaxError)
      return text.startsWith("<") ? "" : truncateRedacted(text, 300);
    throw error;
  }
}
