/** A client of Resonance's browser surface: unchanged in browsers and in Node 24. */
export {
  register,
  renewTokens,
  type SignedIn,
  signIn,
  signOut,
  type TokenPair,
} from "./authenticate.ts";
export { ClientError, type ClientReason, clientReasons, toClientError } from "./client-error.ts";
export type { ConnectionState } from "./connection.ts";
export { type Api, createApi } from "./create-api.ts";
export { newClientMsgId } from "./new-client-msg-id.ts";
export { type Chat, openChat } from "./open-chat.ts";
export type { Sent } from "./send-queue.ts";
export {
  addPending,
  emptyTimeline,
  insertMessages,
  insertNewestPage,
  insertOlderPage,
  markFailed,
  markSent,
  newestSeq,
  oldestSeq,
  type PendingMessage,
  removePending,
  type SessionTimeline,
} from "./session-timeline.ts";
export type { Timing } from "./timing.ts";
export type { TokenSource } from "./token-source.ts";
export { wait } from "./wait.ts";
