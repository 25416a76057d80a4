import type { Case } from "../case.ts";
import type { Contestant } from "../contestant.ts";
import { type Ground, sessionOf } from "../ground.ts";
import { type Load, measure } from "../measure.ts";
import type { Resonance } from "../systems/resonance.ts";
import { measureRoom } from "./room.ts";

/** One message's time among few stored messages and among many. Fills the tables between the two. */
export function storedMessagesCase(
  logic: Contestant,
  load: Load,
  ground: Ground,
  seconds: number,
): Case {
  const among = (stored: number) => ({
    name: `${stored.toLocaleString("en")} stored`,
    async measure(signal: AbortSignal) {
      await fillTo(ground, stored);
      await using sender = await logic.open(signal);
      const { per_second, ...rest } = await measure(sender, load, seconds);
      return { us_each: 1e6 / per_second, ...rest };
    },
  });
  return {
    name: "cost of a message among stored messages, 64 in flight over 1,000 sessions",
    compares: "us_each",
    reference: "10,000 stored",
    target: "1.2 x at 1 M",
    // More messages never become fewer: the small table is measured first, in all its rounds.
    contestants: [among(10_000), among(1_000_000)],
  };
}

/** Fills `t_message_content`, and the outbox with what was published in the last hours. */
async function fillTo({ db }: Ground, wanted: number): Promise<void> {
  const [row] = await db.query<{ stored: bigint }>(
    "SELECT COUNT(*) AS stored FROM t_message_content",
  );
  const missing = wanted - Number(row?.stored ?? 0);
  if (missing <= 0) return;
  const firstId = BigInt(Date.now() - 86_400_000) << 22n;
  const rowsPerStatement = 2_000;
  for (let first = 0; first < missing; first += rowsPerStatement) {
    const rows = Array.from({ length: Math.min(rowsPerStatement, missing - first) }, (_, at) => {
      const count = first + at;
      const { person, pair } = sessionOf(count % 1_000);
      const seqId = (1n << 50n) + BigInt(count);
      return [
        firstId + BigInt(count),
        pair,
        person,
        seqId,
        `old message ${count}`,
        "text",
        `o${count}`,
      ];
    });
    await db.execute(
      `INSERT INTO t_message_content (msg_id, session_id, sender_username, seq_id, content, msg_type,
         client_msg_id) VALUES ?`,
      [rows],
    );
    await db.execute(
      `INSERT INTO t_message_outbox (msg_id, topic, payload, status, next_retry_time)
       VALUES ${rows.map(() => "(?, 'resonance.push.event.v1', 'an event of some hundred bytes', 1, NOW(3))").join(", ")}`,
      rows.map(([msgId]) => msgId as bigint),
    );
  }
}

const small = { sessionId: "room-200", members: 200, online: 100, writers: 4 };
const large = { sessionId: "room-10000", members: 10_000, online: 100, writers: 4 };

/** A message into a room of few and of many members, of whom as many are online. */
export function roomSizeCase(system: Resonance, ground: Ground, seconds: number): Case {
  return {
    name: "a room of 200 and one of 10,000 members, 100 of each online",
    compares: "ms_per_message",
    reference: "200 members",
    target: "2 x at 10,000",
    contestants: [small, large].map((room) => ({
      name: `${room.members.toLocaleString("en")} members`,
      measure: (signal) => measureRoom(system, ground, room, seconds, signal),
    })),
  };
}
