import type { ImStatus } from "../im-status.ts";
import { shortNumber } from "./window-text.ts";

/** One line a part; what could not be read is named. */
export function imStatusText(status: ImStatus): string {
  const { presence, outbox, deadLetters, database, stream, botRuns } = status;
  const lines = [`status at ${status.at}`];
  if (presence) {
    lines.push(
      `online users ${presence.onlineUsers}, connections ${presence.connections}, gateways ${presence.gateways}`,
    );
  }
  if (status.sendsPerSecond !== null) {
    lines.push(`sends ${shortNumber(status.sendsPerSecond)}/s over the last minute`);
  }
  if (outbox) lines.push(`outbox: ${outbox.pending} waiting, the oldest for ${outbox.oldestMs} ms`);
  if (deadLetters) {
    lines.push(
      `dead letters: ${deadLetters.total}, of these ${deadLetters.unreplayed} never replayed, ${deadLetters.lastHour} in the last hour`,
    );
  }
  if (database) {
    lines.push(
      `database ${database.version}: round trip ${shortNumber(database.roundTripMs)} ms, ${database.slowQueries} statements over ${database.slowLimitSeconds} s since its start ${database.uptimeSeconds} s ago, ${database.runningLong} running for over 1 s now (longest ${database.longestRunningSeconds} s), connections ${database.connections} of ${database.maxConnections}`,
    );
  }
  if (stream) lines.push(...streamLines(stream));
  if (botRuns) {
    const runs = Object.entries(botRuns).map(([state, count]) => `${state} ${count}`);
    lines.push(`bot runs of 24 h: ${runs.join(", ") || "none"}`);
  }
  if (status.unknown.length > 0)
    lines.push(`UNKNOWN, could not be read: ${status.unknown.join(", ")}`);
  return lines.join("\n");
}

function streamLines(stream: NonNullable<ImStatus["stream"]>): string[] {
  if (!stream.connected) return ["NATS: not connected"];
  const consumers = stream.consumers.map(
    ({ name, pending, unacknowledged, redelivered }) =>
      `consumer ${name}: ${pending} waiting, ${unacknowledged} in work, ${redelivered} redelivered`,
  );
  const full = stream.maxBytes > 0 ? shortNumber((100 * stream.bytes) / stream.maxBytes) : "0";
  return [
    `stream: ${stream.messages} messages, ${full} % full, the oldest waits for ${stream.oldestMs} ms`,
    ...consumers,
  ];
}
