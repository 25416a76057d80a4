import type { Violation } from "./check.ts";
import { type HistoryLine, usernameOf } from "./history.ts";
import type { Tables } from "./tables.ts";

/** I2, I4, I5 and I10 as devices and inboxes show them. */
export function checkDevices(history: readonly HistoryLine[], tables: Tables): Violation[] {
  return [
    ...checkSendOrder(history),
    ...checkShown(history, tables),
    ...checkInboxes(history, tables),
    ...checkReaders(history, tables),
  ];
}

/** A send that failed and was repeated may have lost its place. */
function checkSendOrder(history: readonly HistoryLine[]): Violation[] {
  const repeated = new Set<string>();
  const seqs = new Map<string, number>();
  for (const line of history) {
    if (line.kind === "error") repeated.add(line.clientMsgId);
    if (line.kind === "ack") seqs.set(line.clientMsgId, line.seq);
  }
  const violations: Violation[] = [];
  const last = new Map<string, { clientMsgId: string; seq: number }>();
  for (const line of history) {
    if (line.kind !== "send" || repeated.has(line.clientMsgId)) continue;
    const seq = seqs.get(line.clientMsgId);
    if (seq === undefined) continue;
    const place = `${line.device} in ${line.session}`;
    const before = last.get(place);
    last.set(place, { clientMsgId: line.clientMsgId, seq });
    if (!before || before.seq < seq) continue;
    const what = `${place}: ${before.clientMsgId} sent first has seq ${before.seq}, ${line.clientMsgId} has ${seq}`;
    violations.push({ invariant: "I4", what });
  }
  return violations;
}

/** What one device has shown of one session. */
class Shown {
  readonly seqs = new Set<number>();
  /** Ranges that the device was told to load again as a whole. */
  readonly reloaded: { after: number; before: number }[] = [];
  last = 0;
  mustReload = false;

  isExcused(seq: number): boolean {
    if (this.mustReload && seq > this.last) return true;
    return this.reloaded.some(({ after, before }) => after < seq && seq < before);
  }
}

function checkShown(history: readonly HistoryLine[], tables: Tables): Violation[] {
  const violations: Violation[] = [];
  const stored = new Map(tables.messages.map((row) => [`${row.session} ${row.seq}`, row.msgId]));
  const shown = new Map<string, Map<string, Shown>>();
  const follows = new Map<string, number>();
  const left = new Set<string>();
  const shownOf = (device: string, session: string): Shown => {
    const sessions = shown.get(device) ?? new Map<string, Shown>();
    shown.set(device, sessions);
    const one = sessions.get(session) ?? new Shown();
    sessions.set(session, one);
    return one;
  };
  for (const line of history) {
    if (line.kind === "signed_out") {
      violations.push({ invariant: "I5", what: `${line.device} was signed out` });
    }
    if (line.kind === "follow") {
      follows.set(`${line.device} ${line.session}`, line.afterSeq);
      shownOf(line.device, line.session);
    }
    if (line.kind === "leave") left.add(line.device);
    if (line.kind === "reload") shownOf(line.device, line.session).mustReload = true;
    if (line.kind !== "recv") continue;
    const one = shownOf(line.device, line.session);
    const about = `${line.device} was shown ${line.session} seq ${line.seq} (${line.msgId})`;
    if (one.seqs.has(line.seq)) violations.push({ invariant: "I2", what: `${about} twice` });
    else if (line.seq < one.last) {
      violations.push({ invariant: "I4", what: `${about} after seq ${one.last}` });
    }
    const msgId = stored.get(`${line.session} ${line.seq}`);
    if (msgId !== line.msgId) {
      violations.push({ invariant: "I5", what: `${about}, where ${msgId ?? "nothing"} is stored` });
    }
    if (one.mustReload) one.reloaded.push({ after: one.last, before: line.seq });
    one.mustReload = false;
    one.seqs.add(line.seq);
    one.last = Math.max(one.last, line.seq);
  }
  return [...violations, ...checkMissing(shown, follows, left, tables)];
}

/** Every device of a member has every message since it began to follow. */
function checkMissing(
  shown: ReadonlyMap<string, ReadonlyMap<string, Shown>>,
  follows: ReadonlyMap<string, number>,
  left: ReadonlySet<string>,
  tables: Tables,
): Violation[] {
  const violations: Violation[] = [];
  const messages = Map.groupBy(tables.messages, (row) => row.session);
  const sessionsOf = Map.groupBy(tables.members, (member) => member.username);
  for (const [device, sessions] of shown) {
    if (left.has(device)) continue;
    for (const { session, joinedSeq } of sessionsOf.get(usernameOf(device)) ?? []) {
      const one = sessions.get(session) ?? new Shown();
      const after = follows.get(`${device} ${session}`) ?? joinedSeq;
      for (const { seq, msgId } of messages.get(session) ?? []) {
        if (seq <= after || one.seqs.has(seq) || one.isExcused(seq)) continue;
        violations.push({
          invariant: "I5",
          what: `${device} was not shown ${session} seq ${seq} (${msgId})`,
        });
      }
    }
  }
  return violations;
}

/** The last seq that somebody who was removed from a session may have. */
function lastSeqsOf(history: readonly HistoryLine[]): ReadonlyMap<string, number> {
  return new Map(
    history.flatMap((line): [string, number][] =>
      line.kind === "removed" ? [[`${line.username} ${line.session}`, line.lastSeq]] : [],
    ),
  );
}

function checkInboxes(history: readonly HistoryLine[], tables: Tables): Violation[] {
  const violations: Violation[] = [];
  const lastSeqs = lastSeqsOf(history);
  const members = new Set(tables.members.map((row) => `${row.username} ${row.session}`));
  const inbox = new Map<string, string>();
  for (const { owner, session, seq, msgId } of tables.inbox) {
    const key = `${owner} ${session} seq ${seq}`;
    if (inbox.has(key)) {
      violations.push({ invariant: "I2", what: `the inbox of ${key} has two rows` });
    }
    inbox.set(key, msgId);
    const lastSeq = lastSeqs.get(`${owner} ${session}`) ?? 0;
    if (!members.has(`${owner} ${session}`) && seq > lastSeq) {
      violations.push({ invariant: "I10", what: `the inbox of ${key} (${msgId}) is no member's` });
    }
  }
  const messages = Map.groupBy(tables.messages, (row) => row.session);
  for (const { username, session, joinedSeq, isBot } of tables.members) {
    if (isBot) continue;
    for (const { seq, msgId } of messages.get(session) ?? []) {
      if (seq <= joinedSeq) continue;
      const key = `${username} ${session} seq ${seq}`;
      const found = inbox.get(key);
      if (found === msgId) continue;
      const holds = found === undefined ? "nothing" : found;
      violations.push({ invariant: "I5", what: `the inbox of ${key} has ${holds}, not ${msgId}` });
    }
  }
  return violations;
}

function checkReaders(history: readonly HistoryLine[], tables: Tables): Violation[] {
  const members = new Set(tables.members.map((row) => `${row.username} ${row.session}`));
  const violations: Violation[] = [];
  const lastSeqs = lastSeqsOf(history);
  for (const line of history) {
    if (line.kind !== "recv" && line.kind !== "read") continue;
    const username = line.kind === "recv" ? usernameOf(line.device) : line.username;
    const key = `${username} ${line.session}`;
    if (members.has(key)) continue;
    if (line.kind === "recv" && line.seq <= (lastSeqs.get(key) ?? 0)) continue;
    const seen = line.kind === "recv" ? `was shown seq ${line.seq} of` : "could read";
    violations.push({ invariant: "I10", what: `${username} ${seen} ${line.session}, no member` });
  }
  return violations;
}
