import type { GetSystemStatusResponse, StatsService } from "@resonance/mq-proto/logic";
import type { RpcClient } from "@resonance/rpc";
import type { ReadSystemStatus, SystemStatus } from "../im-status.ts";

/** Asks Logic how the system is doing. */
export function readSystemStatusOf(
  stats: Pick<RpcClient<typeof StatsService>, "getSystemStatus">,
): ReadSystemStatus {
  return async (signal) => toStatus(await stats.getSystemStatus({}, signal));
}

function toStatus(response: GetSystemStatusResponse): SystemStatus {
  const { outbox, deadLetters, unknown } = response;
  const isKnown = (part: string) => !unknown.includes(part);
  const presence = {
    onlineUsers: Number(response.onlineUsers),
    connections: Number(response.connections),
    gateways: Number(response.gateways),
  };
  return {
    presence: isKnown("presence") ? presence : null,
    messagesLastMinute: isKnown("messages") ? Number(response.messagesLastMinute) : null,
    outbox: outbox ? { pending: Number(outbox.pending), oldestMs: Number(outbox.oldestMs) } : null,
    deadLetters: deadLetters
      ? {
          total: Number(deadLetters.total),
          unreplayed: Number(deadLetters.unreplayed),
          lastHour: Number(deadLetters.lastHour),
        }
      : null,
    database: databaseOf(response),
    stream: streamOf(response),
    botRuns: isKnown("bot_runs")
      ? Object.fromEntries(response.botRuns.map(({ state, runs }) => [state, Number(runs)]))
      : null,
    unknown,
  };
}

function databaseOf({ database }: GetSystemStatusResponse): SystemStatus["database"] {
  if (!database) return null;
  return {
    version: database.version,
    roundTripMs: database.roundTripMs,
    slowQueries: Number(database.slowQueries),
    slowLimitSeconds: database.slowLimitSeconds,
    runningLong: Number(database.runningLong),
    longestRunningSeconds: Number(database.longestRunningSeconds),
    connections: Number(database.connections),
    maxConnections: Number(database.maxConnections),
    uptimeSeconds: Number(database.uptimeSeconds),
  };
}

function streamOf({ stream }: GetSystemStatusResponse): SystemStatus["stream"] {
  if (!stream) return null;
  return {
    connected: stream.connected,
    messages: Number(stream.messages),
    bytes: Number(stream.bytes),
    maxBytes: Number(stream.maxBytes),
    oldestMs: Number(stream.oldestMs),
    consumers: stream.consumers.map((consumer) => ({
      name: consumer.name,
      topic: consumer.topic,
      pending: Number(consumer.pending),
      unacknowledged: Number(consumer.unacknowledged),
      redelivered: Number(consumer.redelivered),
    })),
  };
}
