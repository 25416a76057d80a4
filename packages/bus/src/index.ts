export { type BatchOptions, batches, type StoredMessage } from "./batches.ts";
export { type ConsumeOptions, consume } from "./consume.ts";
export { streamName } from "./declare.ts";
export { type Bus, openBus, type Subscription } from "./open-bus.ts";
