import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { ChatError, type Logger } from "@resonance/kit";
import { type ErrorCode, ErrorDetailSchema } from "@resonance/mq-proto";
import { apiCallKey } from "./api-routes.ts";

/** Turns what handlers throw into what the browser sees, and logs what is nobody's refusal. */
export function translateErrors(log: Logger): Interceptor {
  return (next) => async (request) => {
    try {
      return await next(request);
    } catch (error) {
      const translated = toConnectError(error);
      // Whoever went away while waiting is told of by the access log.
      if (request.signal.aborted) throw translated;
      if (translated.code === Code.Internal || translated.code === Code.Unavailable) {
        const { traceId } = request.contextValues.get(apiCallKey);
        log.error({ err: error, method: request.method.name, traceId }, "call failed");
      }
      throw translated;
    }
  };
}

/**
 * A refusal of Logic keeps its code and message and carries an ErrorDetail. What says more about
 * our inside than about the request is worded plainly.
 */
export function toConnectError(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  // That a service does not trust this one is not the person's fault at the other end.
  if (!(error instanceof ChatError) || error.reason === "not_allowed") {
    return new ConnectError("internal error", Code.Internal, undefined, undefined, error);
  }
  const value = {
    reason: error.reason,
    ...(error.limit === undefined ? {} : { limit: BigInt(Math.trunc(error.limit)) }),
  };
  return new ConnectError(
    plainMessage[error.code] ?? error.message,
    connectCode[error.code],
    undefined,
    [{ desc: ErrorDetailSchema, value }],
    error,
  );
}

const plainMessage: Partial<Record<ErrorCode, string>> = {
  internal: "internal error",
  unavailable: "the service cannot be reached: try again",
  deadline_exceeded: "no answer in time",
};

const connectCode = {
  invalid_argument: Code.InvalidArgument,
  unauthenticated: Code.Unauthenticated,
  permission_denied: Code.PermissionDenied,
  not_found: Code.NotFound,
  already_exists: Code.AlreadyExists,
  aborted: Code.Aborted,
  resource_exhausted: Code.ResourceExhausted,
  deadline_exceeded: Code.DeadlineExceeded,
  unavailable: Code.Unavailable,
  internal: Code.Internal,
} as const satisfies Record<ErrorCode, Code>;
