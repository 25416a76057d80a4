import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ChatError } from "@resonance/kit";
import { type ErrorCode, isErrorReason } from "@resonance/mq-proto";

const reasonKey = "resonance-reason";
const limitKey = "resonance-limit";

/** A ChatError as what grpc-js sends: code, message, and the reason in the trailers. */
export function toStatus(error: ChatError): { code: status; details: string; metadata: Metadata } {
  const metadata = new Metadata();
  metadata.set(reasonKey, error.reason);
  if (error.limit !== undefined) metadata.set(limitKey, String(error.limit));
  return { code: statusOf[error.code], details: error.message, metadata };
}

/** A failed call as a ChatError. A reason that this version does not know is left out. */
export function fromStatus(error: ServiceError): ChatError {
  const reason = error.metadata?.get(reasonKey)[0]?.toString() ?? "";
  const limit = Number(error.metadata?.get(limitKey)[0]?.toString());
  return new ChatError(codeOf.get(error.code) ?? "internal", error.details, {
    ...(isErrorReason(reason) ? { reason } : {}),
    ...(Number.isFinite(limit) ? { limit } : {}),
    cause: error,
  });
}

/** Whether the server does not know the RPC: it is of another version. */
export function isUnknownRpc(error: unknown): boolean {
  if (!(error instanceof ChatError)) return false;
  const { cause } = error;
  return cause instanceof Error && "code" in cause && cause.code === status.UNIMPLEMENTED;
}

const statusOf = {
  invalid_argument: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  permission_denied: status.PERMISSION_DENIED,
  not_found: status.NOT_FOUND,
  already_exists: status.ALREADY_EXISTS,
  aborted: status.ABORTED,
  resource_exhausted: status.RESOURCE_EXHAUSTED,
  deadline_exceeded: status.DEADLINE_EXCEEDED,
  unavailable: status.UNAVAILABLE,
  internal: status.INTERNAL,
} as const satisfies Record<ErrorCode, status>;

const codeOf = new Map<status, ErrorCode>(
  // Object.entries loses the key type; the keys are those of the table above.
  Object.entries(statusOf).map(([code, number]) => [number, code as ErrorCode]),
);
