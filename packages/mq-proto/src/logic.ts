/** Messages and services between gateway or bot and Logic. */
export * from "./gen/logic/v1/auth_pb.ts";
export * from "./gen/logic/v1/chat_pb.ts";
export * from "./gen/logic/v1/dead_letter_pb.ts";
export * from "./gen/logic/v1/message_batch_pb.ts";
export * from "./gen/logic/v1/people_pb.ts";
export * from "./gen/logic/v1/presence_pb.ts";
export * from "./gen/logic/v1/session_pb.ts";
export * from "./gen/logic/v1/stats_pb.ts";
