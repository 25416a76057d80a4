import type { ErrorCode, ErrorReason } from "@resonance/mq-proto";

/**
 * The one error class. `code` decides the gRPC status and whether a retry can help; `reason` is
 * for programs and picks the sentence a user sees; the message is for the log.
 */
export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly code: ErrorCode;
  readonly reason: ErrorReason;
  /** The limit that was passed, where there is one. */
  readonly limit: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    details: { reason?: ErrorReason; limit?: number; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.reason = details.reason ?? defaultReason[code];
    this.limit = details.limit;
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return retryable[this.code];
  }
}

/** Any thrown value as a ChatError: unknown ones become `internal` and stay the cause. */
export function toChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  return new ChatError("internal", "internal error", { cause: error });
}

const defaultReason = {
  invalid_argument: "internal",
  unauthenticated: "not_signed_in",
  permission_denied: "not_a_member",
  not_found: "internal",
  already_exists: "internal",
  aborted: "busy",
  resource_exhausted: "busy",
  deadline_exceeded: "timed_out",
  unavailable: "unavailable",
  internal: "internal",
} as const satisfies Record<ErrorCode, ErrorReason>;

const retryable = {
  invalid_argument: false,
  unauthenticated: false,
  permission_denied: false,
  not_found: false,
  already_exists: false,
  aborted: true,
  resource_exhausted: true,
  deadline_exceeded: true,
  unavailable: true,
  internal: false,
} as const satisfies Record<ErrorCode, boolean>;
