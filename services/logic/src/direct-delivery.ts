import { type Bus, type Deliver, deliverMessages, type Route } from "@resonance/bus";
import type { PushEvent, Username } from "@resonance/mq-proto";

/** A stored message between two people. */
export type Announced = {
  readonly event: PushEvent;
  /** The people whose inboxes are to get a row. */
  readonly owners: readonly Username[];
};

/** Messages that have left for where their people were believed to be. */
export type Begun = {
  readonly messages: readonly Announced[];
  readonly routes: ReadonlyMap<Username, readonly Route[]>;
  /** What they have left over. */
  readonly connection: number;
};

const maxRemembered = 20_000;

/**
 * Delivers messages between two people to the gateways where those are connected. Where they were
 * the last time is remembered, so that a message leaves at its COMMIT and not when the routes are
 * read, which is later: what the reading says beyond that follows. A gateway ignores what comes for
 * somebody who has left, so that nothing here need ever be forgotten.
 */
export class DirectDelivery {
  readonly #bus: Pick<Bus, "connection">;
  readonly #deliver: Deliver;
  readonly #remembered = new Map<Username, readonly Route[]>();

  constructor(bus: Pick<Bus, "connection">, deliver: Deliver) {
    this.#bus = bus;
    this.#deliver = deliver;
  }

  /** To be called as soon as the messages are committed. */
  begin(messages: readonly Announced[]): Begun {
    const routes = new Map<Username, readonly Route[]>();
    for (const { owners } of messages) {
      for (const owner of owners) routes.set(owner, this.#remembered.get(owner) ?? []);
    }
    this.#deliverBy(routes, messages);
    return { messages, routes, connection: this.#bus.connection() };
  }

  /** Delivers to whom `begin` has missed, by routes that were read after the commit. */
  finish({ messages, routes }: Begun, read: readonly Route[]): void {
    const readOf = Map.groupBy(read, ({ username }) => username);
    const missed = new Map<Username, readonly Route[]>();
    if (this.#remembered.size >= maxRemembered) this.#remembered.clear();
    for (const [username, before] of routes) {
      const now = readOf.get(username) ?? [];
      this.#remembered.set(username, now);
      const beyond = now.filter((one) => before.every((b) => b.gatewayId !== one.gatewayId));
      if (beyond.length > 0) missed.set(username, beyond);
    }
    if (missed.size > 0) this.#deliverBy(missed, messages);
  }

  #deliverBy(
    routes: ReadonlyMap<Username, readonly Route[]>,
    messages: readonly Announced[],
  ): void {
    const routed = messages.map(({ event, owners }) => ({
      event,
      routes: owners.flatMap((owner) => routes.get(owner) ?? []),
    }));
    deliverMessages(this.#deliver, routed);
  }
}
