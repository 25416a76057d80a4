import { create, toBinary } from "@bufbuild/protobuf";
import { openDatabase, transaction } from "@resonance/db";
import { PushEventSchema, topicOf } from "@resonance/mq-proto";
import type { Contestant } from "./contestant.ts";
import type { Ground } from "./ground.ts";

const rowsPerTransaction = 64;
const connections = 4;

// Never the same again, however often the contestant is opened.
let lastId = BigInt(Date.now()) << 22n;
let seqId = 1n << 40n;

/** The raw limit: the same rows as multi-row inserts from this process, without gRPC or checks. */
export function rawContestant(ground: Ground): Contestant {
  return {
    name: "raw inserts",
    async open(signal) {
      const db = openDatabase(ground.mysqlUrl, { poolSize: connections });
      let running = 0;
      const waiting: {
        row: Parameters<typeof write>[0][number];
        done: () => void;
        failed: (error: unknown) => void;
      }[] = [];
      const write = (rows: readonly { sessionId: string; sender: string; count: number }[]) =>
        transaction(
          db,
          async (tx) => {
            const stored = rows.map((row) => ({ ...row, msgId: ++lastId, seqId: ++seqId }));
            const contentOf = (count: number) =>
              `message ${count} of a length that people write in a chat`;
            await tx.execute(
              `INSERT INTO t_message_content (msg_id, session_id, sender_username, seq_id, content,
                 msg_type, created_at, client_msg_id) VALUES ?`,
              [
                stored.map((row) => [
                  row.msgId,
                  row.sessionId,
                  row.sender,
                  row.seqId,
                  contentOf(row.count),
                  "text",
                  new Date(),
                  `raw:${row.msgId}`,
                ]),
              ],
            );
            await tx.execute(
              `INSERT INTO t_message_outbox (msg_id, topic, payload, status, retry_count, next_retry_time, created_at, updated_at) VALUES ?`,
              [
                stored.map((row) => {
                  const event = create(PushEventSchema, {
                    msgId: row.msgId,
                    seqId: row.seqId,
                    sessionId: row.sessionId,
                    fromUsername: row.sender,
                    content: contentOf(row.count),
                  });
                  return [
                    row.msgId,
                    topicOf(PushEventSchema),
                    Buffer.from(toBinary(PushEventSchema, event)),
                    1,
                    0,
                    new Date(),
                    new Date(),
                    new Date(),
                  ];
                }),
              ],
            );
          },
          signal,
        );
      const drain = () => {
        while (running < connections && waiting.length > 0) {
          const batch = waiting.splice(0, rowsPerTransaction);
          running += 1;
          write(batch.map(({ row }) => row))
            .then(
              () => {
                for (const { done } of batch) done();
              },
              (error: unknown) => {
                for (const { failed } of batch) failed(error);
              },
            )
            .finally(() => {
              running -= 1;
              drain();
            });
        }
      };
      return {
        send: (row) =>
          new Promise((done, failed) => {
            waiting.push({ row, done, failed });
            queueMicrotask(drain);
          }),
        [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
      };
    },
  };
}
