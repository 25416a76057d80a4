/** The closed list of error codes: the gRPC status that each becomes has the same name. */
export const errorCodes = [
  "invalid_argument",
  "unauthenticated",
  "permission_denied",
  "not_found",
  "already_exists",
  "aborted",
  "resource_exhausted",
  "deadline_exceeded",
  "unavailable",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * Why a request was refused, for programs: in `Ack.error_reason`, in
 * `SendMessageResponse.error_reason` and in `ErrorDetail.reason`. A client has a sentence for each
 * in its user's language.
 */
export const errorReasons = [
  "bad_credentials",
  "too_many_attempts",
  "account_disabled",
  "not_signed_in",
  "name_empty",
  "name_too_long",
  "name_has_forbidden_character",
  "name_reserved",
  "name_taken",
  "nickname_too_long",
  "password_too_short",
  "password_too_long",
  "message_empty",
  "message_too_long",
  "message_type_reserved",
  "client_msg_id_invalid",
  "client_msg_id_conflict",
  "not_a_member",
  "not_allowed",
  "member_unknown",
  "members_invalid",
  "session_name_too_long",
  "session_type_invalid",
  "busy",
  "timed_out",
  "unavailable",
  "internal",
] as const;

export type ErrorReason = (typeof errorReasons)[number];

/** Whether a string from the wire is one of the reasons that this version knows. */
export function isErrorReason(value: string): value is ErrorReason {
  return (errorReasons as readonly string[]).includes(value);
}
