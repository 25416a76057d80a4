import type { Violation } from "./check.ts";
import type { HistoryLine } from "./history.ts";
import type { Tables } from "./tables.ts";

/** I6 and I7: nothing is left to be done, and the counters say the same as the messages. */
export function checkServers(history: readonly HistoryLine[], tables: Tables): Violation[] {
  return [...checkDrained(tables), ...checkCounters(history, tables)];
}

function checkDrained({ unpublished, deadLetters, consumers }: Tables): Violation[] {
  return [
    ...unpublished.map(({ msgId, topic, status }): Violation => {
      const what = `the event of ${msgId} on ${topic} is not published (status ${status})`;
      return { invariant: "I6", what };
    }),
    ...deadLetters.map(({ id, topic, cause }): Violation => {
      return { invariant: "I6", what: `dead letter ${id} of ${topic}: ${cause}` };
    }),
    ...consumers
      .filter(({ waiting, inHand }) => waiting + inHand > 0)
      .map(({ durable, waiting, inHand }): Violation => {
        const what = `${durable} has not finished: ${waiting} events wait, ${inHand} in hand`;
        return { invariant: "I6", what };
      }),
  ];
}

function checkCounters(history: readonly HistoryLine[], tables: Tables): Violation[] {
  const violations: Violation[] = [];
  const maxSeqs = new Map(tables.sessions.map(({ session, maxSeq }) => [session, maxSeq]));
  const unread = new Map<string, number>();
  for (const { username, session, lastRead } of tables.members) {
    const maxSeq = maxSeqs.get(session) ?? 0;
    unread.set(`${username} in ${session}`, maxSeq - lastRead);
    if (lastRead >= 0 && lastRead <= maxSeq) continue;
    const what = `${username} has read ${session} to ${lastRead}, which ends at ${maxSeq}`;
    violations.push({ invariant: "I7", what });
  }
  const said = new Map<string, number>();
  for (const line of history) {
    if (line.kind === "unread") said.set(`${line.username} in ${line.session}`, line.unread);
  }
  for (const [place, count] of said) {
    const real = unread.get(place);
    if (real === count) continue;
    violations.push({ invariant: "I7", what: `${place}: told ${count} unread, there are ${real}` });
  }
  return violations;
}
