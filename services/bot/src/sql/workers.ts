import type { Queryable } from "@resonance/db";
import type { Username } from "@resonance/mq-proto";

/** Says that a worker lives for some time on. */
export async function upsertWorker(
  db: Queryable,
  worker: { owner: string; bot: Username; aliveMs: number },
): Promise<void> {
  await db.execute(
    `INSERT INTO t_bot_worker (owner, bot_username, alive_until)
     VALUES (?, ?, NOW(3) + INTERVAL ? MICROSECOND)
     ON DUPLICATE KEY UPDATE alive_until = VALUES(alive_until)`,
    [worker.owner, worker.bot, worker.aliveMs * 1_000],
  );
}

/** Takes a worker off that stops, and those that died a while ago. */
export async function deleteWorker(db: Queryable, owner: string): Promise<void> {
  await db.execute(
    "DELETE FROM t_bot_worker WHERE owner = ? OR alive_until < NOW(3) - INTERVAL 1 HOUR",
    [owner],
  );
}
