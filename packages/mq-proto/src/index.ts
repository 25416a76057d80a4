export { deliveredHeader, formatDelivered, parseDelivered } from "./delivered.ts";
export {
  type ErrorCode,
  type ErrorReason,
  errorCodes,
  errorReasons,
  isErrorReason,
} from "./errors.ts";
export * from "./gen/common/v1/options_pb.ts";
export * from "./gen/common/v1/types_pb.ts";
export * from "./gen/mq/v1/bot_pb.ts";
export * from "./gen/mq/v1/delivery_pb.ts";
export * from "./gen/mq/v1/event_pb.ts";
export * from "./gen/mq/v1/hint_pb.ts";
export * from "./gen/mq/v1/progress_pb.ts";
export {
  answerIdOf,
  type ClientMsgId,
  fitsSessionId,
  groupSessionId,
  isReservedUsername,
  isSingleSessionId,
  isUsername,
  type MsgId,
  mentionPattern,
  type NameProblem,
  parseClientMsgId,
  parseMsgId,
  parseSessionId,
  parseUsername,
  questionOfAnswer,
  reservedUsernames,
  roomSessionId,
  type SeqId,
  type SessionId,
  singleSessionId,
  storedAtMs,
  type Username,
  usernameProblem,
} from "./ids.ts";
export { limits } from "./limits.ts";
export { commandOf, type Language, languageOf, withoutMention } from "./question-text.ts";
export { topicOf } from "./topic-of.ts";
