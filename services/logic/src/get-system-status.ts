import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Bus, queueState } from "@resonance/bus";
import type { Queryable } from "@resonance/db";
import type { Logger } from "@resonance/kit";
import type { GetSystemStatusResponseSchema } from "@resonance/mq-proto/logic";
import { msgIdAtMs } from "./ids.ts";
import { countMessages } from "./sql/messages.ts";
import {
  countBotRuns,
  countGateways,
  countOnline,
  readDeadLetterCounts,
  readLongStatements,
  readOutboxBacklog,
  readServerFigures,
} from "./sql/system-status.ts";

type Status = MessageInitShape<typeof GetSystemStatusResponseSchema>;

/**
 * How the system is doing. Each part is read for itself: a database that is away does not hide
 * what NATS says, and the other way round.
 */
export async function getSystemStatus(deps: {
  readonly db: Queryable;
  readonly bus: Bus;
  readonly log: Logger;
}): Promise<Status> {
  const { db, bus } = deps;
  const unknown: string[] = [];
  const attempt = async (name: string, read: () => Promise<Status>): Promise<Status> => {
    try {
      return await read();
    } catch (error) {
      deps.log.warn({ err: error, part: name }, "a part of the status cannot be read");
      unknown.push(name);
      return {};
    }
  };
  const parts = await Promise.all([
    attempt("presence", async () => {
      const { users, connections } = await countOnline(db);
      return { onlineUsers: users, connections, gateways: await countGateways(db) };
    }),
    attempt("messages", async () => ({ messagesLastMinute: await countLastMinute(db) })),
    attempt("outbox", async () => ({ outbox: await readOutboxBacklog(db) })),
    attempt("dead_letters", async () => ({ deadLetters: await readDeadLetterCounts(db) })),
    attempt("database", async () => ({ database: await readDatabase(db) })),
    attempt("stream", async () => ({ stream: await readStream(bus) })),
    attempt("bot_runs", async () => ({ botRuns: await countBotRuns(db) })),
  ]);
  return { ...Object.assign({}, ...parts), unknown };
}

async function countLastMinute(db: Queryable): Promise<bigint> {
  const untilMs = Date.now();
  const fromMs = untilMs - 60_000;
  const rows = await countMessages(db, {
    fromMsgId: msgIdAtMs(fromMs),
    untilMsgId: msgIdAtMs(untilMs),
    fromMs,
    bucketMs: 60_000,
  });
  return rows.reduce((sum, { messages }) => sum + messages, 0n);
}

async function readDatabase(db: Queryable): Promise<NonNullable<Status["database"]>> {
  const roundTripMs = await bestRoundTripMs(db);
  const [figures, { running, longestSeconds }] = await Promise.all([
    readServerFigures(db),
    readLongStatements(db),
  ]);
  const figure = (name: string) => BigInt(figures.get(name) ?? 0);
  return {
    version: figures.get("version") ?? "",
    roundTripMs,
    slowQueries: figure("slow_queries"),
    slowLimitSeconds: Number(figures.get("long_query_time") ?? 0),
    runningLong: running,
    longestRunningSeconds: longestSeconds,
    connections: figure("threads_connected"),
    maxConnections: figure("max_connections"),
    uptimeSeconds: figure("uptime"),
  };
}

/** The best of three: a process that is busy itself says nothing about the database. */
async function bestRoundTripMs(db: Queryable): Promise<number> {
  let best = Infinity;
  for (let attempt = 0; attempt < 3; attempt++) {
    const before = performance.now();
    await db.query("SELECT 1");
    best = Math.min(best, performance.now() - before);
  }
  return best;
}

async function readStream(bus: Bus): Promise<NonNullable<Status["stream"]>> {
  const state = await queueState(bus);
  if (!state) return { connected: false };
  return {
    connected: true,
    messages: BigInt(state.messages),
    bytes: BigInt(state.bytes),
    maxBytes: BigInt(state.maxBytes),
    oldestMs: BigInt(Math.round(state.oldestMs)),
    consumers: state.consumers.map(({ name, topic, pending, unacknowledged, redelivered }) => ({
      name,
      topic,
      pending: BigInt(pending),
      unacknowledged: BigInt(unacknowledged),
      redelivered: BigInt(redelivered),
    })),
  };
}
