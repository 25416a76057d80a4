import { createConnection, type RowDataPacket } from "mysql2/promise";

/** The contract's tables. Numbers that may be 64 bits wide come as strings. */
export type Tables = AsyncDisposable & {
  rows(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Rows of t_inbox of the session, by owner and seq_id. */
  inbox(sessionId: string): Promise<Record<string, unknown>[]>;
  maxSeqOf(sessionId: string): Promise<bigint>;
};

export async function openTables(mysqlUrl: string): Promise<Tables> {
  const db = await createConnection({
    uri: mysqlUrl,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  await db.query("SET time_zone = '+00:00'");
  const rows = async (sql: string, values: readonly unknown[] = []) => {
    const [result] = await db.query<RowDataPacket[]>(sql, [...values]);
    return result;
  };
  return {
    rows,
    inbox: (sessionId) =>
      rows(
        `SELECT owner_username AS owner, seq_id AS seqId, msg_id AS msgId, is_read AS isRead
           FROM t_inbox WHERE session_id = ? ORDER BY owner_username, seq_id`,
        [sessionId],
      ),
    async maxSeqOf(sessionId) {
      const sql = "SELECT max_seq_id AS seq FROM t_session WHERE session_id = ?";
      const [row] = await rows(sql, [sessionId]);
      return BigInt(String(row?.seq));
    },
    [Symbol.asyncDispose]: () => db.end(),
  };
}
