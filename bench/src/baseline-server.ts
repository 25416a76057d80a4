import { create, toBinary } from "@bufbuild/protobuf";
import { type Bus, openBus } from "@resonance/bus";
import { type Database, openDatabase, transaction } from "@resonance/db";
import { ChatError, createLogger } from "@resonance/kit";
import { BotEventSchema, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { ChatService, type SendMessageRequest } from "@resonance/mq-proto/logic";
import { implement, openRpcServer } from "@resonance/rpc";

// The baseline: one transaction per message, behind the same transport, on the same tables, with
// the same durability. What anybody writes first.
const {
  RESONANCE_MYSQL_URL = "",
  RESONANCE_NATS_URL = "",
  RESONANCE_LOGIC_LISTEN = "",
} = process.env;
const [host = "", port = ""] = RESONANCE_LOGIC_LISTEN.split(":");
const log = createLogger("baseline", "warn");
// More connections make it slower on two cores.
const db = openDatabase(RESONANCE_MYSQL_URL, { poolSize: 32 });
const bus = openBus({ url: RESONANCE_NATS_URL, name: "baseline", log });
await bus.ready();
let lastId = BigInt(Date.now()) << 22n;
const publishing = new Set<Promise<void>>();

const server = await openRpcServer({
  listen: { host, port: Number(port) },
  services: [
    implement(ChatService, {
      sendMessage: (request, { signal }) => store(db, bus, request, signal),
    }),
  ],
  callers: "anybody",
  log,
});
process.send?.({ ready: true });
process.on("SIGTERM", () => {
  const close = async () => {
    await server[Symbol.asyncDispose]();
    await Promise.all(publishing);
    await bus[Symbol.asyncDispose]();
    await db[Symbol.asyncDispose]();
    process.exit(0);
  };
  close().catch(() => process.exit(1));
});

async function store(
  database: Database,
  events: Bus,
  request: SendMessageRequest,
  signal: AbortSignal,
): Promise<{ msgId: bigint; seqId: bigint }> {
  const msgId = ++lastId;
  const { sessionId, fromUsername, content, clientMsgId } = request;
  const stored = await transaction(
    database,
    async (tx) => {
      const members = await tx.query<{ username: string; isBot: number }>(
        `SELECT m.username, u.is_bot AS isBot FROM t_session_member m
           JOIN t_user u ON u.username = m.username WHERE m.session_id = ?`,
        [sessionId],
      );
      if (!members.some(({ username }) => username === fromUsername)) {
        throw new ChatError("permission_denied", "not a session member");
      }
      const { insertId } = await tx.execute(
        "UPDATE t_session SET max_seq_id = LAST_INSERT_ID(max_seq_id + 1) WHERE session_id = ?",
        [sessionId],
      );
      const seqId = BigInt(insertId);
      await tx.execute(
        `INSERT INTO t_message_content (msg_id, session_id, sender_username, seq_id, content,
           msg_type, created_at, client_msg_id) VALUES (?, ?, ?, ?, ?, 'text', NOW(3), ?)`,
        [msgId, sessionId, fromUsername, seqId, content, clientMsgId],
      );
      const toBot = members.some(({ isBot }) => isBot === 1);
      const fields = { msgId, seqId, sessionId, fromUsername, content };
      const event = toBot
        ? {
            topic: topicOf(BotEventSchema),
            payload: toBinary(BotEventSchema, create(BotEventSchema, fields)),
          }
        : {
            topic: topicOf(PushEventSchema),
            payload: toBinary(PushEventSchema, create(PushEventSchema, fields)),
          };
      await tx.execute(
        `INSERT INTO t_message_outbox (msg_id, topic, payload, status, retry_count,
           next_retry_time, created_at, updated_at) VALUES (?, ?, ?, 0, 0, NOW(3), NOW(3), NOW(3))`,
        [msgId, event.topic, Buffer.from(event.payload)],
      );
      if (toBot) {
        await tx.execute(
          `INSERT INTO t_inbox (owner_username, session_id, msg_id, seq_id, is_read, created_at)
           VALUES (?, ?, ?, ?, 0, NOW(3))`,
          [fromUsername, sessionId, msgId, seqId],
        );
      }
      return { seqId, event };
    },
    signal,
  );
  publishLater(database, events, msgId, stored.event);
  return { msgId, seqId: stored.seqId };
}

function publishLater(
  database: Database,
  events: Bus,
  msgId: bigint,
  event: { topic: string; payload: Uint8Array },
): void {
  const publish = async () => {
    await events.publishStored(event.topic, event.payload, `${event.topic}:${msgId}`);
    await database.execute("UPDATE t_message_outbox SET status = 1 WHERE msg_id = ?", [msgId]);
  };
  const published = publish().catch((error: unknown) => log.warn({ err: error }, "not published"));
  publishing.add(published);
  void published.then(() => publishing.delete(published));
}
