/** Messages and services between browser and gateway, and between Task and gateway. */
export * from "./gen/gateway/v1/api_pb.ts";
export * from "./gen/gateway/v1/packet_pb.ts";
export * from "./gen/gateway/v1/push_pb.ts";
