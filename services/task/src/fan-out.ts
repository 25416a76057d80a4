import { type Deliver, deliverMessages } from "@resonance/bus";
import { type PushEvent, parseSessionId, type Username } from "@resonance/mq-proto";
import type { Audiences } from "./audiences.ts";
import type { InboxRow } from "./sql/inbox.ts";

/** A message, with the people who are to have it in their inboxes if Logic has delivered it. */
export type Announced = {
  readonly event: PushEvent;
  readonly delivered: { readonly owners: readonly Username[] } | undefined;
};

/**
 * Delivers stored messages that are not yet delivered to whoever is connected, and gives each
 * event's inbox rows, which are written behind the deliveries: the message is durable already.
 * Doing it twice changes nothing: clients know what they have, and fetch a delivery that is lost.
 */
export async function fanOut(
  deps: {
    audiences: Audiences;
    deliver: Deliver;
    /** The messages that are delivered already: of these only the rows are given. */
    delivered: ReadonlySet<bigint>;
  },
  events: readonly Announced[],
): Promise<InboxRow[][]> {
  const undelivered = events.filter(({ delivered }) => !delivered);
  const audiences = await deps.audiences.of(
    undelivered.map(({ event }) => parseSessionId(event.sessionId)),
  );
  deliverMessages(
    deps.deliver,
    undelivered.flatMap(({ event }) => {
      const { routes = [] } = audiences.get(event.sessionId) ?? {};
      return deps.delivered.has(event.msgId) ? [] : [{ event, routes }];
    }),
  );
  return events.map(({ event, delivered }) => {
    const { sessionId, msgId, seqId } = event;
    const { owners = [] } = delivered ?? audiences.get(sessionId) ?? {};
    return owners.map((owner) => ({ owner, sessionId, msgId, seqId }));
  });
}
