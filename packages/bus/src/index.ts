export { type BusUser, busUsers, inboxPrefixOf, natsAuthorization } from "./authorization.ts";
export { type BatchOptions, batches } from "./batches.ts";
export type { StreamState } from "./check-stream.ts";
export { type ConsumeOptions, consume } from "./consume.ts";
export type { Removed } from "./count-removed.ts";
export { duplicateWindowMs, streamName } from "./declare.ts";
export {
  createDeliver,
  type Deliver,
  type DeliveryItem,
  deliverMessages,
  type Route,
  usernamesByGateway,
} from "./deliver.ts";
export type { StoredMessage } from "./deliveries.ts";
export { type Bus, openBus, type Receipt, type Subscription } from "./open-bus.ts";
export { type ConsumerState, type QueueState, queueState } from "./queue-state.ts";
