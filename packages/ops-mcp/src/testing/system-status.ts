import type { SystemStatus } from "../im-status.ts";

/** A system that nothing is wrong with. */
export function healthyStatus(more: Partial<SystemStatus> = {}): SystemStatus {
  return {
    presence: { onlineUsers: 3, connections: 4, gateways: 1 },
    messagesLastMinute: 60,
    outbox: { pending: 0, oldestMs: 0 },
    deadLetters: { total: 0, unreplayed: 0, lastHour: 0 },
    database: {
      version: "10.11",
      roundTripMs: 0.4,
      slowQueries: 0,
      slowLimitSeconds: 10,
      runningLong: 0,
      longestRunningSeconds: 0,
      connections: 12,
      maxConnections: 151,
      uptimeSeconds: 3_600,
    },
    stream: {
      connected: true,
      messages: 2,
      bytes: 2_000,
      maxBytes: 4 * 1024 ** 3,
      oldestMs: 5,
      consumers: [
        {
          name: "bot",
          topic: "resonance.bot.event.v1",
          pending: 0,
          unacknowledged: 1,
          redelivered: 0,
        },
        {
          name: "task",
          topic: "resonance.push.event.v1",
          pending: 0,
          unacknowledged: 1,
          redelivered: 0,
        },
      ],
    },
    botRuns: { answered: 12 },
    unknown: [],
    ...more,
  };
}
