import type { Violation } from "./check.ts";
import { type HistoryLine, usernameOf } from "./history.ts";
import type { MessageRow, Tables } from "./tables.ts";

type Ack = HistoryLine & { kind: "ack" };

/** I1, I2 as far as rows go, I3 and I8. */
export function checkMessages(history: readonly HistoryLine[], tables: Tables): Violation[] {
  return [
    ...checkSends(history, tables),
    ...checkUniqueness(tables.messages),
    ...checkDensity(tables),
  ];
}

function checkSends(history: readonly HistoryLine[], { messages }: Tables): Violation[] {
  const violations: Violation[] = [];
  const rows = Map.groupBy(messages, (row) => `${row.sender} ${row.clientMsgId}`);
  const acks = Map.groupBy(
    history.filter((line): line is Ack => line.kind === "ack"),
    (line) => `${usernameOf(line.device)} ${line.clientMsgId}`,
  );
  const sent = new Set<string>();
  for (const line of history) {
    if (line.kind !== "send") continue;
    const key = `${usernameOf(line.device)} ${line.clientMsgId}`;
    if (sent.has(key)) continue;
    sent.add(key);
    const stored = rows.get(key) ?? [];
    const [ack, ...others] = acks.get(key) ?? [];
    const what = `${key} in ${line.session}`;
    if (!ack) {
      const found = `stored ${stored.length} times`;
      violations.push({ invariant: "I8", what: `${what} was never acknowledged, ${found}` });
      continue;
    }
    const said = `${ack.msgId} as seq ${ack.seq}`;
    for (const other of others) {
      if (other.msgId === ack.msgId && other.seq === ack.seq) continue;
      const then = `${other.msgId} as seq ${other.seq}`;
      violations.push({
        invariant: "I8",
        what: `${what} was acknowledged as ${said}, then ${then}`,
      });
    }
    if (stored.length === 0) {
      violations.push({ invariant: "I1", what: `${what}, acknowledged as ${said}, is not stored` });
    }
    for (const row of stored) {
      if (row.msgId === ack.msgId && row.seq === ack.seq && row.session === ack.session) continue;
      const is = `${row.msgId} in ${row.session} as seq ${row.seq}`;
      violations.push({ invariant: "I1", what: `${what}, acknowledged as ${said}, is ${is}` });
    }
  }
  return violations;
}

function checkUniqueness(messages: readonly MessageRow[]): Violation[] {
  const keys: [string, (row: MessageRow) => string][] = [
    ["message", (row) => row.msgId],
    ["place", (row) => `${row.session} seq ${row.seq}`],
    ["client id", (row) => `${row.sender} ${row.clientMsgId ?? `(none, ${row.msgId})`}`],
  ];
  return keys.flatMap(([name, keyOf]) =>
    [...Map.groupBy(messages, keyOf)]
      .filter(([, rows]) => rows.length > 1)
      .map(([key, rows]): Violation => {
        const ids = rows.map((row) => row.msgId).join(", ");
        return { invariant: "I2", what: `${name} ${key} is stored ${rows.length} times: ${ids}` };
      }),
  );
}

function checkDensity({ messages, sessions }: Tables): Violation[] {
  const violations: Violation[] = [];
  const bySession = Map.groupBy(messages, (row) => row.session);
  for (const { session, maxSeq } of sessions) {
    const seqs = new Set((bySession.get(session) ?? []).map((row) => row.seq));
    const missing: number[] = [];
    for (let seq = 1; seq <= maxSeq; seq++) if (!seqs.has(seq)) missing.push(seq);
    const beyond = [...seqs].filter((seq) => seq < 1 || seq > maxSeq);
    if (missing.length > 0) {
      const what = `${session} ends at ${maxSeq} and has no seq ${missing.join(", ")}`;
      violations.push({ invariant: "I3", what });
    }
    if (beyond.length > 0) {
      const what = `${session} ends at ${maxSeq} and has seq ${beyond.join(", ")}`;
      violations.push({ invariant: "I3", what });
    }
    bySession.delete(session);
  }
  for (const session of bySession.keys()) {
    violations.push({ invariant: "I3", what: `${session} has messages and does not exist` });
  }
  return violations;
}
