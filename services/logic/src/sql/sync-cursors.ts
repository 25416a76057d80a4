import type { Queryable } from "@resonance/db";
import type { SeqId, SessionId, Username } from "@resonance/mq-proto";

/** How far a reader has read: the last seq_id of each session. */
export type Positions = ReadonlyMap<SessionId, SeqId>;

export type SyncCursor = {
  /** The same for cursors that follow one another. */
  readonly chainId: bigint;
  readonly positions: Positions;
};

// The last answers of a device may be lost, and its tabs may share what they remember.
const keptPerChain = 4;
// Devices that are gone leave their chains behind.
const keptPerOwner = 32;

/** A cursor of this owner, or undefined when there is none of this id. */
export async function findCursor(
  db: Queryable,
  owner: Username,
  cursorId: bigint,
): Promise<SyncCursor | undefined> {
  const [row] = await db.query<{ chainId: bigint; positions: string }>(
    `SELECT chain_id AS chainId, positions FROM t_sync_cursor
      WHERE cursor_id = ? AND owner_username = ?`,
    [cursorId, owner],
  );
  return row && { chainId: row.chainId, positions: decodePositions(row.positions) };
}

/** Stores a cursor and gives its id. */
export async function insertCursor(
  db: Queryable,
  owner: Username,
  cursor: SyncCursor,
): Promise<bigint> {
  const { insertId } = await db.execute(
    "INSERT INTO t_sync_cursor (owner_username, chain_id, positions) VALUES (?, ?, ?)",
    [owner, cursor.chainId, encodePositions(cursor.positions)],
  );
  return BigInt(insertId);
}

/** Deletes all but the newest cursors of each chain, and of the owner. */
export async function deleteOldCursors(db: Queryable, owner: Username): Promise<void> {
  const cursors = await db.query<{ cursorId: bigint; chainId: bigint }>(
    `SELECT cursor_id AS cursorId, chain_id AS chainId FROM t_sync_cursor
      WHERE owner_username = ? ORDER BY cursor_id DESC`,
    [owner],
  );
  const kept = new Map<bigint, number>();
  const old = cursors.filter(({ chainId }, index) => {
    const newer = kept.get(chainId) ?? 0;
    kept.set(chainId, newer + 1);
    return index >= keptPerOwner || newer >= keptPerChain;
  });
  if (old.length === 0) return;
  // By the primary key: other readers of the same owner delete the same rows, in the same order.
  await db.execute("DELETE FROM t_sync_cursor WHERE cursor_id IN (?)", [
    old.map(({ cursorId }) => cursorId).reverse(),
  ]);
}

// seq_ids as strings: a JSON number holds 53 bits of their 64.
function encodePositions(positions: Positions): string {
  return JSON.stringify(Object.fromEntries([...positions].map(([id, seqId]) => [id, `${seqId}`])));
}

function decodePositions(text: string): Positions {
  // Written by encodePositions alone.
  const decoded = JSON.parse(text) as Record<SessionId, string>;
  const entries = Object.entries(decoded) as [SessionId, string][];
  return new Map(entries.map(([id, seqId]) => [id, BigInt(seqId) as SeqId]));
}
