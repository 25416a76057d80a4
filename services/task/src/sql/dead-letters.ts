import type { Queryable } from "@resonance/db";

/** Keeps an event that cannot be handled, with the reason, for an operator to look at. */
export async function insertDeadLetter(
  db: Queryable,
  letter: { topic: string; payload: Uint8Array; cause: string; deliveryCount: number },
): Promise<void> {
  await db.execute(
    `INSERT INTO t_dead_letter (topic, payload, cause, delivery_count, created_at)
     VALUES (?, ?, ?, ?, NOW(3))`,
    [letter.topic, Buffer.from(letter.payload), letter.cause.slice(0, 4_000), letter.deliveryCount],
  );
}
