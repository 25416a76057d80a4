import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { createConnection, type RowDataPacket } from "mysql2/promise";

/** What the servers hold, as far as the invariants speak of it. */
export type Tables = {
  readonly messages: readonly MessageRow[];
  readonly sessions: readonly { session: string; maxSeq: number }[];
  readonly members: readonly MemberRow[];
  readonly inbox: readonly { owner: string; session: string; seq: number; msgId: string }[];
  /** Events that are not marked as published. */
  readonly unpublished: readonly { msgId: string; topic: string; status: number }[];
  readonly deadLetters: readonly { id: string; topic: string; cause: string }[];
  /** What the stream's consumers have not finished. */
  readonly consumers: readonly { durable: string; waiting: number; inHand: number }[];
};

export type MessageRow = {
  readonly session: string;
  readonly seq: number;
  readonly msgId: string;
  readonly sender: string;
  readonly clientMsgId: string | null;
};

export type MemberRow = {
  readonly session: string;
  readonly username: string;
  readonly joinedSeq: number;
  readonly lastRead: number;
  readonly isBot: boolean;
};

export const streamName = "RESONANCE";

/** Reads everything, by connections of its own that no fault touches. */
export async function readTables(servers: {
  readonly mysqlUrl: string;
  readonly natsUrl: string;
}): Promise<Tables> {
  return {
    ...(await readDatabase(servers.mysqlUrl)),
    consumers: await readConsumers(servers.natsUrl),
  };
}

async function readDatabase(url: string): Promise<Omit<Tables, "consumers">> {
  const connection = await createConnection({ uri: url, supportBigNumbers: true });
  const rows = async <Row>(sql: string): Promise<Row[]> => {
    const [found] = await connection.query<RowDataPacket[]>(sql);
    // The statement's author names the row type: the driver cannot know it.
    return found as Row[];
  };
  try {
    // One snapshot: a message that is stored meanwhile is in none of the results.
    await connection.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await connection.query("START TRANSACTION WITH CONSISTENT SNAPSHOT");
    return {
      messages: await rows(
        `SELECT session_id AS session, seq_id AS seq, CAST(msg_id AS CHAR) AS msgId,
                sender_username AS sender, client_msg_id AS clientMsgId
           FROM t_message_content ORDER BY session_id, seq_id`,
      ),
      sessions: await rows("SELECT session_id AS session, max_seq_id AS maxSeq FROM t_session"),
      members: (
        await rows<Omit<MemberRow, "isBot"> & { isBot: number }>(
          `SELECT m.session_id AS session, m.username, m.joined_seq AS joinedSeq,
                  m.last_read_seq AS lastRead, COALESCE(u.is_bot, 0) AS isBot
             FROM t_session_member m LEFT JOIN t_user u ON u.username = m.username`,
        )
      ).map((row) => ({ ...row, isBot: row.isBot === 1 })),
      inbox: await rows(
        `SELECT owner_username AS owner, session_id AS session, seq_id AS seq,
                CAST(msg_id AS CHAR) AS msgId
           FROM t_inbox`,
      ),
      unpublished: await rows(
        "SELECT CAST(msg_id AS CHAR) AS msgId, topic, status FROM t_message_outbox WHERE status <> 1",
      ),
      deadLetters: await rows("SELECT CAST(id AS CHAR) AS id, topic, cause FROM t_dead_letter"),
    };
  } finally {
    connection.destroy();
  }
}

/** What the stream's consumers have not finished, by their durable names. */
async function readConsumers(url: string): Promise<Tables["consumers"]> {
  const connection = await connect({ servers: url, reconnect: false, timeout: 5_000 });
  try {
    const consumers: Tables["consumers"][number][] = [];
    const manager = await jetstreamManager(connection);
    for await (const info of manager.consumers.list(streamName)) {
      consumers.push({
        durable: info.name,
        waiting: info.num_pending,
        inHand: info.num_ack_pending,
      });
    }
    return consumers;
  } finally {
    await connection.close();
  }
}
