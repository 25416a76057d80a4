import type { Queryable } from "@resonance/db";
import type { Username } from "@resonance/mq-proto";
import type { Run } from "../runs/run.ts";

const keptDays = 7;

/** Stores a text under an id that nobody else has. */
export async function insertArtifact(
  db: Queryable,
  artifact: Omit<Run, "seqId" | "language" | "command"> & {
    readonly id: string;
    readonly tool: string;
    readonly text: string;
  },
): Promise<void> {
  await db.execute(
    `INSERT INTO t_bot_artifact
       (artifact_id, msg_id, bot_username, session_id, requester, tool, text, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, NOW(3) + INTERVAL ${keptDays} DAY)`,
    [
      artifact.id,
      artifact.msgId,
      artifact.bot,
      artifact.sessionId,
      artifact.requester,
      artifact.tool.slice(0, 128),
      artifact.text,
    ],
  );
}

/** The text, for the person whose question it came of, in the session where that was asked. */
export async function findArtifact(
  db: Queryable,
  wanted: { id: string; requester: Username; sessionId: string },
): Promise<{ tool: string; text: string } | undefined> {
  const [row] = await db.query<{ tool: string; text: string }>(
    `SELECT tool, text FROM t_bot_artifact
      WHERE artifact_id = ? AND requester = ? AND session_id = ? AND expires_at > NOW(3)`,
    [wanted.id, wanted.requester, wanted.sessionId],
  );
  return row;
}

/** The call that it is the result of; undefined where there is no such artifact of the asker's. */
export async function findArtifactCall(
  db: Queryable,
  wanted: { id: string; requester: Username; sessionId: string },
): Promise<{ tool: string; input: unknown } | undefined> {
  const [row] = await db.query<{ tool: string; input: string | null }>(
    `SELECT a.tool, s.arguments AS input
       FROM t_bot_artifact a
       LEFT JOIN t_bot_step s ON s.msg_id = a.msg_id AND s.bot_username = a.bot_username
                             AND s.artifact_id = a.artifact_id
      WHERE a.artifact_id = ? AND a.requester = ? AND a.session_id = ?`,
    [wanted.id, wanted.requester, wanted.sessionId],
  );
  return row && { tool: row.tool, input: JSON.parse(row.input ?? "{}") };
}

/** Deletes what is over a week old, some of it at a time. Says how many. */
export async function deleteExpiredArtifacts(db: Queryable, limit: number): Promise<number> {
  const { affectedRows } = await db.execute(
    "DELETE FROM t_bot_artifact WHERE expires_at < NOW(3) LIMIT ?",
    [limit],
  );
  return affectedRows;
}
