import { create, toBinary } from "@bufbuild/protobuf";
import type { Bus } from "@resonance/bus";
import { fitsSessionId, TypingEventSchema, topicOf, type Username } from "@resonance/mq-proto";
import { TokenBuckets } from "./token-buckets.ts";

/** A hint holds for some seconds: more often than this it says nothing more. */
const rate = { perSecond: 1, burst: 3 };

export type TypingHints = {
  /** Says whether it was passed on, which is not whether anybody will see it. */
  pass(username: Username, sessionId: string): boolean;
};

/**
 * Tells Task who is writing where; it knows who is to see it, and whether the writer is a member.
 * What a user sends more often than once a second is dropped.
 */
export function createTypingHints(bus: Pick<Bus, "publish">): TypingHints {
  const buckets = new TokenBuckets(rate);
  const topic = topicOf(TypingEventSchema);
  return {
    pass(username, sessionId) {
      if (sessionId === "" || !fitsSessionId(sessionId)) return false;
      if (!buckets.take(username)) return false;
      const event = create(TypingEventSchema, { sessionId, fromUsername: username });
      bus.publish(topic, toBinary(TypingEventSchema, event));
      return true;
    },
  };
}
