import { Code, ConnectError } from "@connectrpc/connect";
import {
  ErrorDetailSchema,
  type ErrorReason,
  errorReasons,
  isErrorReason,
  limits,
} from "@resonance/mq-proto";

/**
 * Every reason a caller may see: those of the server, `offline` when no server could be reached,
 * and `cancelled` when the caller itself gave up.
 */
export const clientReasons = [...errorReasons, "offline", "cancelled"] as const;

export type ClientReason = ErrorReason | "offline" | "cancelled";

/** `reason` picks the sentence a user sees; the message is English, for a log. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly reason: ClientReason;
  /** The limit that was passed, where there is one. */
  readonly limit: number | undefined;

  constructor(
    reason: ClientReason,
    message: string,
    details: { limit?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.reason = reason;
    this.limit = details.limit;
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return ["busy", "timed_out", "unavailable", "offline"].includes(this.reason);
  }
}

/** Any thrown value as a ClientError: unknown ones become `internal` and stay the cause. */
export function toClientError(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  if (error instanceof DOMException && error.name === "AbortError") {
    return new ClientError("cancelled", "the caller gave up", { cause: error });
  }
  if (!(error instanceof ConnectError)) {
    return new ClientError("internal", String(error), { cause: error });
  }
  const [detail] = error.findDetails(ErrorDetailSchema);
  if (detail && isErrorReason(detail.reason)) {
    const limit = detail.limit === 0n ? undefined : Number(detail.limit);
    return new ClientError(detail.reason, error.rawMessage, { limit, cause: error });
  }
  return new ClientError(reasonOf(error), error.rawMessage, { cause: error });
}

/** The refusal in an Ack. A reason of a later version than this one becomes `internal`. */
export function refusal(message: string, reason: string): ClientError {
  const limit = reason === "message_too_long" ? limits.contentMaxBytes : undefined;
  return new ClientError(isErrorReason(reason) ? reason : "internal", message, { limit });
}

function reasonOf(error: ConnectError): ClientReason {
  switch (error.code) {
    // The gateway's own 401 is no Connect error and carries no detail.
    case Code.Unauthenticated:
      return "not_signed_in";
    case Code.Canceled:
      return "cancelled";
    case Code.DeadlineExceeded:
      return "timed_out";
    case Code.Unavailable:
      return "unavailable";
    case Code.ResourceExhausted:
    case Code.Aborted:
      return "busy";
    case Code.PermissionDenied:
      return "not_a_member";
    default:
      // What fetch throws when there is no connection.
      return error.cause instanceof TypeError ? "offline" : "internal";
  }
}
