import type { Queryable } from "@resonance/db";
import { clockStepSeconds } from "./outbox.ts";

const leaseSeconds = 3;

/** Takes or renews the right to sweep the outbox. Says false while another process has it. */
export async function leaseSweeping(db: Queryable, owner: string): Promise<boolean> {
  const { affectedRows } = await db.execute(
    `UPDATE t_outbox_sweeper
        SET owner = ?, expires_at = NOW(3) + INTERVAL ${leaseSeconds} SECOND
      WHERE id = 1
        AND (owner = ? OR expires_at < NOW(3)
          OR expires_at > NOW(3) + INTERVAL ${clockStepSeconds} SECOND)`,
    [owner, owner],
  );
  return affectedRows === 1;
}

export async function releaseSweeping(db: Queryable, owner: string): Promise<void> {
  await db.execute("UPDATE t_outbox_sweeper SET expires_at = NOW(3) WHERE id = 1 AND owner = ?", [
    owner,
  ]);
}
