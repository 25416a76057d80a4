import { ToolError } from "../tool.ts";
import { truncateRedacted } from "../truncate-redacted.ts";

/**
 * What went wrong on the way to a back end, as a tool says it. The back end's name is said, its
 * address is not. The original stays as the cause, for the log.
 */
export function backendError(backend: string, cause: unknown): ToolError {
  if (cause instanceof ToolError) return cause;
  const code = codeOf(cause);
  if (code === "CERT_HAS_EXPIRED") {
    return new ToolError("certificate", `the certificate of ${backend} has expired`, { cause });
  }
  if (/CERT|SSL|TLS|ALTNAME|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return new ToolError("certificate", `the certificate of ${backend} cannot be trusted`, {
      cause,
    });
  }
  if (cause instanceof Error && cause.name === "TimeoutError") {
    return new ToolError("timed_out", `${backend} did not answer in time`, {
      retryHelps: true,
      cause,
    });
  }
  return new ToolError("unavailable", `${backend} cannot be reached`, { retryHelps: true, cause });
}

/** What an answer that is no success means. `said` is the back end's own sentence. */
export function statusError(backend: string, status: number, said: string): ToolError {
  const sentence = said === "" ? "" : `: ${sentenceOf(said)}`;
  if (status === 401)
    return new ToolError("forbidden", `${backend} does not accept our credential`);
  if (status === 403) return new ToolError("forbidden", `${backend} does not allow it${sentence}`);
  if (status === 404) return new ToolError("not_found", `${backend} does not have it${sentence}`);
  if (status === 400 || status === 422) {
    return new ToolError("bad_input", `${backend} does not accept the query${sentence}`);
  }
  const retryHelps = status === 408 || status === 429 || status >= 500;
  return new ToolError("unavailable", `${backend} answered ${status}${sentence}`, { retryHelps });
}

const longestSentence = 300;

/** Its lines as one, which may hide from the redaction what they show: it sees them before. */
function sentenceOf(said: string): string {
  const lines = truncateRedacted(said, 10 * longestSentence);
  return truncateRedacted(lines.replace(/\s+/g, " "), longestSentence);
}

/** fetch() hides what happened to the connection in a cause. */
function codeOf(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ("code" in current && typeof current.code === "string") return current.code;
  }
  return "";
}
