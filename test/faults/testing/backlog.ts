import { setTimeout as delay } from "node:timers/promises";
import { create, toBinary } from "@bufbuild/protobuf";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { PushEventSchema, topicOf } from "@resonance/mq-proto";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { streamName } from "./tables.ts";

/**
 * Puts events into the outbox as an outage leaves them, of a session without members: Task takes
 * them and has nothing to do.
 */
export async function leaveBacklog(
  mysqlUrl: string,
  { rows, rowBytes }: { readonly rows: number; readonly rowBytes: number },
): Promise<void> {
  const connection = await createConnection({ uri: mysqlUrl });
  const batch = 200;
  const payload = Buffer.from(
    toBinary(
      PushEventSchema,
      create(PushEventSchema, {
        msgId: 1n,
        seqId: 1n,
        sessionId: "single:nobody:noone",
        fromUsername: "nobody",
        content: "x".repeat(rowBytes - 64),
        type: "text",
      }),
    ),
  );
  try {
    for (let first = 1; first <= rows; first += batch) {
      const values = Array.from({ length: Math.min(batch, rows - first + 1) }, (_, index) => [
        first + index,
        topicOf(PushEventSchema),
        payload,
        0,
        0,
        new Date(0),
      ]);
      await connection.query(
        "INSERT INTO t_message_outbox (msg_id, topic, payload, status, retry_count, next_retry_time) VALUES ?",
        [values],
      );
    }
  } finally {
    connection.destroy();
  }
}

/**
 * Gives the server a redo log of the size that servers have. The 10 MB of those for tests are full
 * every second of this, and all wait while it writes its pages.
 */
export async function widenRedoLog(mysqlUrl: string): Promise<void> {
  const connection = await createConnection({ uri: mysqlUrl });
  try {
    const [rows] = await connection.query<RowDataPacket[]>("SELECT VERSION() AS version");
    const isMariaDb = String(rows[0]?.version).includes("MariaDB");
    const name = isMariaDb ? "innodb_log_file_size" : "innodb_redo_log_capacity";
    await connection.query(`SET GLOBAL ${name} = ${96 * 1024 ** 2}`);
  } finally {
    connection.destroy();
  }
}

export type Drain = {
  /** Of `performance.now()`: when the first events of the backlog were published, and the last. */
  readonly fromMs: number;
  readonly toMs: number;
};

const lookEveryMs = 50;
// More than the load publishes between two looks.
const begun = 50;

/**
 * Watches the stream until so many events more than now have been published, those of the load
 * besides. An event counts when the stream has it.
 */
export async function watchDrain(
  natsUrl: string,
  options: { readonly rows: number; readonly loadEvents: () => number },
  signal: AbortSignal,
): Promise<Drain> {
  const connection = await connect({ servers: natsUrl });
  try {
    const manager = await jetstreamManager(connection);
    const published = async () =>
      (await manager.streams.info(streamName)).state.last_seq - options.loadEvents();
    const before = await published();
    let fromMs: number | undefined;
    for (;;) {
      signal.throwIfAborted();
      const drained = (await published()) - before;
      if (drained >= begun) fromMs ??= performance.now();
      if (drained >= options.rows) return { fromMs: fromMs ?? 0, toMs: performance.now() };
      await delay(lookEveryMs, undefined, { signal });
    }
  } finally {
    await connection.close();
  }
}
