import type { PushMessage } from "@resonance/mq-proto/gateway";

type Place = {
  /** Everything up to here has been delivered. Undefined until it is known where to begin. */
  position: bigint | undefined;
  /** Arrived before the messages in front of them. */
  readonly waiting: Map<bigint, PushMessage>;
  /** The `msg_id`s of the last ones that were delivered, by `seq_id`. */
  readonly delivered: Map<bigint, bigint>;
  readonly timesBack: number;
};

const maxRemembered = 256;

/**
 * Puts what arrives in any order and any number of times into the order of `seq_id`, each message
 * once. A session begins with `begin`; messages that come earlier wait for it. A message behind a
 * gap waits until the gap is filled by late messages or closed with `settle`.
 */
export class DeliveryOrder {
  readonly #places = new Map<string, Place>();

  /** Up to where the session is delivered, or undefined before `begin`. */
  position(sessionId: string): bigint | undefined {
    return this.#places.get(sessionId)?.position;
  }

  /** The same of all sessions that have begun. */
  positions(): Map<string, bigint> {
    const positions = new Map<string, bigint>();
    for (const [sessionId, { position }] of this.#places) {
      if (position !== undefined) positions.set(sessionId, position);
    }
    return positions;
  }

  /** Whether another message was delivered in this one's place. Of one without an id nobody knows. */
  contradicts({ sessionId, seqId, msgId }: PushMessage): boolean {
    const delivered = this.#places.get(sessionId)?.delivered.get(seqId) ?? 0n;
    return delivered !== 0n && msgId !== 0n && delivered !== msgId;
  }

  /** Goes on after `seq`, before what was delivered. */
  goBack(sessionId: string, seq: bigint): void {
    const timesBack = this.timesBack(sessionId) + 1;
    this.#places.set(sessionId, { ...emptyPlace(), position: seq, timesBack });
  }

  /** How often it has gone back. */
  timesBack(sessionId: string): number {
    return this.#places.get(sessionId)?.timesBack ?? 0;
  }

  /**
   * Begins after `seq`, or before the first message that already waits. Does nothing for a
   * session that has begun. Returns what can be delivered now.
   */
  begin(sessionId: string, seq: bigint): PushMessage[] {
    const place = this.#place(sessionId);
    if (place.position !== undefined) return [];
    place.position = seq;
    for (const waitingSeq of place.waiting.keys()) {
      if (waitingSeq <= place.position) place.position = waitingSeq - 1n;
    }
    return release(place);
  }

  /** Takes a message and returns what can be delivered now, in order. */
  accept(message: PushMessage): PushMessage[] {
    const place = this.#place(message.sessionId);
    if (place.position !== undefined && message.seqId <= place.position) return [];
    place.waiting.set(message.seqId, message);
    return release(place);
  }

  /** The seq of the last message that is missing in front of one that waits. */
  missingThrough(sessionId: string): bigint | undefined {
    const place = this.#places.get(sessionId);
    if (place?.position === undefined || place.waiting.size === 0) return undefined;
    const [first] = sorted(place.waiting);
    return first === undefined ? undefined : first - 1n;
  }

  /**
   * Everything up to `throughSeq` is among `fetched`, already here, or does not exist. Returns what
   * can be delivered now, in order.
   */
  settle(sessionId: string, fetched: readonly PushMessage[], throughSeq: bigint): PushMessage[] {
    const place = this.#place(sessionId);
    const position = place.position ?? 0n;
    for (const message of fetched) {
      if (message.seqId > position) place.waiting.set(message.seqId, message);
    }
    const delivered: PushMessage[] = [];
    for (const seq of sorted(place.waiting)) {
      const message = place.waiting.get(seq);
      if (seq > throughSeq || !message) break;
      take(place, message);
      delivered.push(message);
    }
    place.position = throughSeq > position ? throughSeq : position;
    return [...delivered, ...release(place)];
  }

  /** Goes on after `seq` without what lies before it: the caller reloads the session. */
  skip(sessionId: string, seq: bigint): PushMessage[] {
    const place = this.#place(sessionId);
    for (const waitingSeq of place.waiting.keys()) {
      if (waitingSeq <= seq) place.waiting.delete(waitingSeq);
    }
    return this.settle(sessionId, [], seq);
  }

  #place(sessionId: string): Place {
    const known = this.#places.get(sessionId);
    if (known) return known;
    const place = emptyPlace();
    this.#places.set(sessionId, place);
    return place;
  }
}

function emptyPlace(): Place {
  return { position: undefined, waiting: new Map(), delivered: new Map(), timesBack: 0 };
}

function release(place: Place): PushMessage[] {
  const released: PushMessage[] = [];
  if (place.position === undefined) return released;
  for (;;) {
    const next = place.waiting.get(place.position + 1n);
    if (!next) return released;
    take(place, next);
    place.position = next.seqId;
    released.push(next);
  }
}

function take({ waiting, delivered }: Place, { seqId, msgId }: PushMessage): void {
  waiting.delete(seqId);
  delivered.set(seqId, msgId);
  delivered.delete(seqId - BigInt(maxRemembered));
}

function sorted(waiting: ReadonlyMap<bigint, PushMessage>): bigint[] {
  return [...waiting.keys()].sort((a, b) => (a < b ? -1 : 1));
}
