import type { Queryable } from "@resonance/db";
import type { SessionId, Username } from "@resonance/mq-proto";
import { type DataPolicy, dataPolicies } from "../boundary/session-policy.ts";

/** What was set for a session; undefined where nothing was. A word that is none of ours: `local`. */
export async function findDataPolicy(
  db: Queryable,
  sessionId: SessionId,
): Promise<DataPolicy | undefined> {
  const [row] = await db.query<{ policy: string }>(
    "SELECT policy FROM t_bot_data_policy WHERE session_id = ?",
    [sessionId],
  );
  if (!row) return undefined;
  return dataPolicies.find((policy) => policy === row.policy) ?? "local";
}

export async function saveDataPolicy(
  db: Queryable,
  set: { readonly sessionId: SessionId; readonly policy: DataPolicy; readonly by: Username },
): Promise<void> {
  await db.execute(
    `INSERT INTO t_bot_data_policy (session_id, policy, set_by) VALUES (?, ?, ?)
     ON DUPLICATE KEY UPDATE policy = VALUES(policy), set_by = VALUES(set_by)`,
    [set.sessionId, set.policy, set.by],
  );
}
