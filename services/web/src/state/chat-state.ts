import {
  type ClientError,
  type ConnectionState,
  emptyTimeline,
  insertMessages,
  type SessionTimeline,
} from "@resonance/client";
import { questionOfAnswer } from "@resonance/mq-proto";
import type { Progress, PushMessage, SessionInfo } from "@resonance/mq-proto/gateway";

export type SessionState = {
  readonly id: string;
  /** 1 is one-to-one. */
  readonly type: number;
  /** As the server calls it; may be empty. */
  readonly name: string;
  readonly unread: number;
  readonly lastReadSeq: bigint;
  readonly lastSeq: bigint;
  readonly lastMessage: PushMessage | undefined;
  /** Whether the other one of a one-to-one session is connected, as far as is known. */
  readonly isPeerOnline: boolean;
  /** Of a group: the bots that answer whoever mentions them. */
  readonly bots: readonly string[];
};

export type History = {
  readonly timeline: SessionTimeline;
  /** Whether the newest page has been here once. */
  readonly loaded: boolean;
  readonly loading: "newest" | "older" | undefined;
  readonly error: ClientError | undefined;
  /** Of a group: who is in it, as of the last newest page; not everybody of a large one. */
  readonly members: readonly string[];
};

export type BotProgress = {
  readonly from: string;
  readonly text: string;
  readonly refMsgId: bigint;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
};

/** Messages after `afterSeq` up to `throughSeq`; none if these are equal. */
export type UnreadRange = { readonly afterSeq: bigint; readonly throughSeq: bigint };

export type ChatState = {
  readonly username: string;
  readonly connection: ConnectionState;
  /** Whether the session list has been here once. */
  readonly listed: boolean;
  readonly sessions: ReadonlyMap<string, SessionState>;
  /** Of the sessions that were opened. */
  readonly histories: ReadonlyMap<string, History>;
  readonly progress: ReadonlyMap<string, BotProgress>;
  /** Who was last heard to write in each session. */
  readonly typing: ReadonlyMap<string, { readonly from: string; readonly untilMs: number }>;
  /** The last question of each session that is known to be answered. */
  readonly answered: ReadonlyMap<string, bigint>;
  /** The session on screen, and what was unread in it when it was opened, once that is known. */
  readonly open:
    | { readonly sessionId: string; readonly unread: UnreadRange | undefined }
    | undefined;
};

/** Before anything is heard from the server. */
export function initialState(username: string): ChatState {
  return {
    username,
    connection: "connecting",
    listed: false,
    sessions: new Map(),
    histories: new Map(),
    progress: new Map(),
    typing: new Map(),
    answered: new Map(),
    open: undefined,
  };
}

/** Takes the server's session list; what is known here and newer is kept. */
export function applySessions(state: ChatState, infos: readonly SessionInfo[]): ChatState {
  const sessions = new Map(state.sessions);
  for (const info of infos) {
    const known = sessions.get(info.sessionId);
    const listedSeq = info.lastMessage?.seqId ?? 0n;
    const isNewer = listedSeq > (known?.lastSeq ?? 0n);
    const lastReadSeq = larger(info.lastReadSeq, known?.lastReadSeq ?? 0n);
    const lastSeq = larger(listedSeq, known?.lastSeq ?? 0n);
    sessions.set(info.sessionId, {
      id: info.sessionId,
      type: info.type,
      name: info.name,
      unread: lastReadSeq >= lastSeq ? 0 : Math.max(0, Number(info.unreadCount)),
      lastReadSeq,
      lastSeq,
      lastMessage: isNewer ? withContent(info.lastMessage) : known?.lastMessage,
      isPeerOnline: info.peerOnline,
      bots: info.bots,
    });
  }
  return withUnread({ ...state, sessions, listed: true });
}

/** Takes one message of the stream; `isSeen`: its session is on screen. */
export function applyMessage(state: ChatState, message: PushMessage, isSeen: boolean): ChatState {
  const { sessionId, seqId, fromUsername } = message;
  const session = state.sessions.get(sessionId) ?? unlistedSession(message);
  const isNewer = seqId > session.lastSeq;
  const isUnread = fromUsername !== state.username && !isSeen && seqId > session.lastReadSeq;
  const changed: SessionState = {
    ...session,
    unread: session.unread + (isUnread ? 1 : 0),
    lastSeq: larger(seqId, session.lastSeq),
    lastMessage: isNewer ? message : session.lastMessage,
  };
  const history = state.histories.get(sessionId);
  const next = { ...state, sessions: new Map(state.sessions).set(sessionId, changed) };
  return endProgress(
    history
      ? updateHistory(next, sessionId, { timeline: insertMessages(history.timeline, [message]) })
      : next,
    message,
  );
}

/** What a bot says that it is doing, unless its answer is here already. */
export function applyProgress(state: ChatState, progress: Progress, nowMs: number): ChatState {
  const { sessionId, refMsgId, fromUsername, text } = progress;
  const known = state.progress.get(sessionId);
  if (refMsgId <= (state.answered.get(sessionId) ?? 0n)) return state;
  if (known && refMsgId < known.refMsgId) return state;
  const next: BotProgress = {
    from: fromUsername,
    text,
    refMsgId,
    startedAtMs: known?.refMsgId === refMsgId ? known.startedAtMs : nowMs,
    updatedAtMs: nowMs,
  };
  return { ...state, progress: new Map(state.progress).set(sessionId, next) };
}

/** The session is on screen and read up to its last message. */
export function markRead(state: ChatState, sessionId: string): ChatState {
  const session = state.sessions.get(sessionId);
  if (!session || (session.unread === 0 && session.lastReadSeq >= session.lastSeq)) return state;
  const read = { ...session, unread: 0, lastReadSeq: session.lastSeq };
  return { ...state, sessions: new Map(state.sessions).set(sessionId, read) };
}

/** Puts a session on screen, or none. */
export function openSession(state: ChatState, sessionId: string | undefined): ChatState {
  return withUnread({ ...state, open: sessionId ? { sessionId, unread: undefined } : undefined });
}

/** Changes the history of a session, which begins empty. */
export function updateHistory(
  state: ChatState,
  sessionId: string,
  change: Partial<History>,
): ChatState {
  const history = historyOf(state, sessionId);
  const histories = new Map(state.histories).set(sessionId, { ...history, ...change });
  return { ...state, histories };
}

/** Forgets what the server may have lost of a session: all but its name and what is not yet sent. */
export function forgetMessages(state: ChatState, sessionId: string): ChatState {
  const session = state.sessions.get(sessionId);
  const history = state.histories.get(sessionId);
  const nothing = { unread: 0, lastReadSeq: 0n, lastSeq: 0n, lastMessage: undefined };
  const pending = history?.timeline.pending.filter((message) => message.state !== "sent") ?? [];
  const timeline = { ...emptyTimeline(state.username), pending };
  const forgotten: ChatState = {
    ...state,
    open: state.open?.sessionId === sessionId ? { sessionId, unread: undefined } : state.open,
    sessions: session
      ? new Map(state.sessions).set(sessionId, { ...session, ...nothing })
      : state.sessions,
  };
  return history ? updateHistory(forgotten, sessionId, { timeline, loaded: false }) : forgotten;
}

/** The history of a session, empty if it was never opened. */
export function historyOf(state: ChatState, sessionId: string): History {
  return (
    state.histories.get(sessionId) ?? {
      timeline: emptyTimeline(state.username),
      loaded: false,
      loading: undefined,
      error: undefined,
      members: [],
    }
  );
}

/** All unread messages. */
export function totalUnread(state: ChatState): number {
  return [...state.sessions.values()].reduce((sum, session) => sum + session.unread, 0);
}

function endProgress(state: ChatState, message: PushMessage): ChatState {
  const { sessionId, fromUsername, clientMsgId } = message;
  const progress = state.progress.get(sessionId);
  const answeredId = questionOfAnswer(clientMsgId);
  const answered = new Map(state.answered);
  if (answeredId !== undefined) {
    answered.set(sessionId, larger(answeredId, answered.get(sessionId) ?? 0n));
  }
  const isOver =
    progress?.from === fromUsername &&
    (answeredId === undefined || progress.refMsgId <= answeredId);
  if (!isOver) return { ...state, answered };
  const rest = new Map(state.progress);
  rest.delete(sessionId);
  return { ...state, answered, progress: rest };
}

function withUnread(state: ChatState): ChatState {
  const { open } = state;
  const session = open && state.sessions.get(open.sessionId);
  if (!session || open.unread) return state;
  const unread = { afterSeq: session.lastReadSeq, throughSeq: session.lastSeq };
  return { ...state, open: { ...open, unread } };
}

function unlistedSession(message: PushMessage): SessionState {
  const { sessionId, sessionMeta } = message;
  return {
    id: sessionId,
    type: sessionMeta?.type ?? (sessionId.startsWith("single:") ? 1 : 2),
    name: sessionMeta?.name ?? "",
    unread: 0,
    lastReadSeq: 0n,
    lastSeq: 0n,
    lastMessage: undefined,
    isPeerOnline: false,
    bots: [],
  };
}

// In a session without messages the server still sends one, with nothing in it.
function withContent(message: PushMessage | undefined): PushMessage | undefined {
  return message && message.seqId > 0n && message.content !== "" ? message : undefined;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
