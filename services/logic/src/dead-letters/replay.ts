import { randomInt } from "node:crypto";
import { type Database, transaction } from "@resonance/db";
import type { MsgId } from "@resonance/mq-proto";
import { msgIdAtMs } from "../ids.ts";
import {
  type DeadLetter,
  listUnreplayedIds,
  lockDeadLetters,
  markReplayed,
} from "../sql/dead-letters.ts";
import { insertOutbox, maxPayloadBytes } from "../sql/outbox.ts";

export type Replayed = {
  readonly replayed: readonly bigint[];
  /** No letters, or no events: nothing that is larger than an event can be one. */
  readonly refused: readonly { readonly id: bigint; readonly why: string }[];
};

/**
 * Puts letters into the outbox, from where Logic publishes them like any event, and notes when.
 * Each is published under an id of its own, so that NATS does not take it for the event that it
 * was. A letter may be replayed again; consumers know what they have done already.
 */
export function replay(
  db: Database,
  ids: readonly bigint[],
  signal: AbortSignal,
): Promise<Replayed> {
  return transaction(
    db,
    async (tx) => {
      const letters = new Map((await lockDeadLetters(tx, ids)).map((each) => [each.id, each]));
      const refused: { id: bigint; why: string }[] = [];
      const fitting: DeadLetter[] = [];
      for (const id of new Set(ids)) {
        const letter = letters.get(id);
        const why = refusal(letter);
        if (letter && why === undefined) fitting.push(letter);
        else refused.push({ id, why: why ?? "" });
      }
      const replayed = fitting.map((letter) => letter.id);
      const freshId = freshMsgIds();
      if (fitting.length === 0) return { replayed, refused };
      await insertOutbox(
        tx,
        fitting.map(({ topic, payload }, index) => ({ msgId: freshId(index), topic, payload })),
      );
      await markReplayed(tx, replayed);
      return { replayed, refused };
    },
    signal,
  );
}

const batchLetters = 100;

/** Replays every letter that never was, a batch at a time. */
export async function replayAll(db: Database, signal: AbortSignal): Promise<Replayed> {
  const replayed: bigint[] = [];
  const refused: Replayed["refused"][number][] = [];
  let afterId = 0n;
  for (;;) {
    const ids = await listUnreplayedIds(db, afterId, batchLetters);
    const last = ids.at(-1);
    if (last === undefined) return { replayed, refused };
    afterId = last;
    const batch = await replay(db, ids, signal);
    replayed.push(...batch.replayed);
    refused.push(...batch.refused);
  }
}

function refusal(letter: DeadLetter | undefined): string | undefined {
  if (!letter) return "there is no such letter";
  const bytes = letter.payload.length;
  if (bytes <= maxPayloadBytes) return undefined;
  return `it has ${bytes} bytes and an event at most ${maxPayloadBytes}`;
}

/** Ids near those of messages stored now: they name deliveries, and need no lease. */
function freshMsgIds(): (index: number) => MsgId {
  const first = msgIdAtMs(Date.now()) + BigInt(randomInt(2 ** 21));
  return (index) => (first + BigInt(index)) as MsgId;
}
