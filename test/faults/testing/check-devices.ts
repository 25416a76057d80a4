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

/** The client fetches as many messages that it has missed, one by one. */
const fetched = 300;

/** A range that a device was told to load again as a whole, both ends not in it. */
type Reload = {
  readonly after: number;
  before: number;
  /** How often it was told before it was shown anything. */
  times: number;
  /** The line of the history at which it was told last. */
  line: number;
};

/** What one device has shown of one session. */
class Shown {
  readonly seqs = new Set<number>();
  readonly reloads: Reload[] = [];
  /** It begins to follow after this seq. */
  from = 0;
  last = 0;

  reload(line: number): void {
    const open = this.reloads.find(({ before }) => before === Number.POSITIVE_INFINITY);
    if (open) {
      open.times += 1;
      open.line = line;
      return;
    }
    const after = Math.max(this.from, this.last);
    this.reloads.push({ after, before: Number.POSITIVE_INFINITY, times: 1, line });
  }

  show(seq: number): void {
    for (const reload of this.reloads) reload.before = Math.min(reload.before, seq);
    this.seqs.add(seq);
    this.last = Math.max(this.last, seq);
  }

  /** What is sent after the reload is not part of it. */
  isExcused(seq: number, sentInLine: number): boolean {
    return this.reloads.some(
      ({ after, before, line }) => after < seq && seq < before && sentInLine < line,
    );
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
  for (const [index, line] of history.entries()) {
    if (line.kind === "signed_out") {
      violations.push({ invariant: "I5", what: `${line.device} was signed out` });
    }
    if (line.kind === "follow") {
      follows.set(`${line.device} ${line.session}`, line.afterSeq);
      shownOf(line.device, line.session).from = line.afterSeq;
    }
    if (line.kind === "leave") left.add(line.device);
    if (line.kind === "reload") shownOf(line.device, line.session).reload(index);
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
    one.show(line.seq);
  }
  const missing = checkMissing(shown, { follows, left, sentIn: linesOfSends(history) }, tables);
  return [...violations, ...checkReloads(shown, tables), ...missing];
}

/** In which line of the history somebody's client id was sent for the first time. */
function linesOfSends(history: readonly HistoryLine[]): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const [index, line] of history.entries()) {
    if (line.kind !== "send") continue;
    const key = `${usernameOf(line.device)} ${line.clientMsgId}`;
    if (!lines.has(key)) lines.set(key, index);
  }
  return lines;
}

/** What a device could have fetched it has no reason to load again. */
function checkReloads(
  shown: ReadonlyMap<string, ReadonlyMap<string, Shown>>,
  tables: Tables,
): Violation[] {
  const violations: Violation[] = [];
  const ends = new Map<string, number>();
  for (const { session, seq } of tables.messages) {
    ends.set(session, Math.max(ends.get(session) ?? 0, seq));
  }
  for (const [device, sessions] of shown) {
    for (const [session, { reloads }] of sessions) {
      for (const { after, before, times } of reloads) {
        const missed = Math.min(before, (ends.get(session) ?? 0) + 1) - after - 1;
        if (missed > times * fetched) continue;
        const what = `${device} loaded ${session} again ${times} times after seq ${after}, having missed ${missed}`;
        violations.push({ invariant: "I5", what });
      }
    }
  }
  return violations;
}

/** Every device of a member has every message since it began to follow. */
function checkMissing(
  shown: ReadonlyMap<string, ReadonlyMap<string, Shown>>,
  seen: {
    readonly follows: ReadonlyMap<string, number>;
    readonly left: ReadonlySet<string>;
    readonly sentIn: ReadonlyMap<string, number>;
  },
  tables: Tables,
): Violation[] {
  const { follows, left, sentIn } = seen;
  const violations: Violation[] = [];
  const messages = Map.groupBy(tables.messages, (row) => row.session);
  const sessionsOf = Map.groupBy(tables.members, (member) => member.username);
  for (const [device, sessions] of shown) {
    if (left.has(device)) continue;
    for (const { session, joinedSeq } of sessionsOf.get(usernameOf(device)) ?? []) {
      const one = sessions.get(session) ?? new Shown();
      const after = follows.get(`${device} ${session}`) ?? joinedSeq;
      for (const { seq, msgId, sender, clientMsgId } of messages.get(session) ?? []) {
        const line = sentIn.get(`${sender} ${clientMsgId}`) ?? 0;
        if (seq <= after || one.seqs.has(seq) || one.isExcused(seq, line)) continue;
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
