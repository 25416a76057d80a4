import {
  type Api,
  addPending,
  type Chat,
  createApi,
  insertNewestPage,
  insertOlderPage,
  markFailed,
  markSent,
  newClientMsgId,
  newestSeq,
  oldestSeq,
  openChat,
  removePending,
  type SessionTimeline,
  type TokenSource,
  toClientError,
} from "@resonance/client";
import { limits, parseUsername, singleSessionId } from "@resonance/mq-proto";
import type { ContactInfo, PushMessage, SessionInfo } from "@resonance/mq-proto/gateway";
import {
  applyMessage,
  applyProgress,
  applySessions,
  type ChatState,
  forgetMessages,
  historyOf,
  initialState,
  markRead,
  openSession,
  updateHistory,
} from "./chat-state.ts";
import { applyPresence, applyTyping, endTyping } from "./hints.ts";

const limit = Math.min(50, limits.historyMaxMessages);
const typingEveryMs = 3_000;
const single = 1;
const group = 2;

type Options = {
  readonly baseUrl: string;
  readonly username: string;
  readonly tokens: TokenSource | string;
  readonly onSignedOut: () => void;
};

/**
 * Owns the connection and all that is known of the sessions. `subscribe` and `getState` are for
 * useSyncExternalStore. Must be closed.
 */
export class ChatModel {
  readonly #api: Api;
  readonly #chat: Chat;
  readonly #closing = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #onSignedOut: () => void;
  /** Sessions whose read position is on its way to the server. */
  readonly #reporting = new Set<string>();
  /** Sessions of which too much was missed, or nothing was loaded: their newest page is wanted. */
  readonly #behind = new Set<string>();
  /** When it was last reported in each session that the user is writing. */
  readonly #typingAtMs = new Map<string, number>();
  #state: ChatState;
  #isVisible = true;

  constructor({ baseUrl, username, tokens, onSignedOut }: Options) {
    this.#state = initialState(username);
    this.#onSignedOut = onSignedOut;
    this.#api = createApi(baseUrl, tokens);
    this.#chat = openChat(
      {
        baseUrl,
        token: tokens,
        username,
        onState: (connection) => this.#change((state) => ({ ...state, connection })),
        onMessage: (message) => this.#onMessage(message),
        onProgress: (progress) => {
          this.#change((state) => applyProgress(state, progress, Date.now()));
        },
        onTyping: (typing) => this.#change((state) => applyTyping(state, typing, Date.now())),
        onPresence: (presence) => this.#change((state) => applyPresence(state, presence)),
        onSessions: (sessions) => this.#onSessions(sessions),
        onReload: (sessionId) => this.#reload(sessionId),
        onReset: (sessionId) => {
          this.#change((state) => forgetMessages(state, sessionId));
          this.#reload(sessionId);
        },
        onSignedOut,
      },
      this.#closing.signal,
    );
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): ChatState => this.#state;

  /** Shows a session, or none. */
  openSession(sessionId: string | undefined): void {
    if (this.#state.open?.sessionId === sessionId) return;
    this.#change((state) => openSession(state, sessionId));
    if (sessionId && !historyOf(this.#state, sessionId).loaded) this.loadNewest(sessionId);
    this.#reportRead();
  }

  /** A page in the background reads nothing; coming back checks the connection. */
  setVisible(isVisible: boolean): void {
    if (isVisible && !this.#isVisible) this.#chat.refresh();
    this.#isVisible = isVisible;
    this.#reportRead();
  }

  /** Loads the newest page, also again after a failure. */
  loadNewest(sessionId: string): void {
    this.#loadPage(sessionId, "newest", 0n, insertNewestPage);
  }

  /** Loads the page before the oldest message, if there is one. */
  loadOlder(sessionId: string): void {
    const { timeline } = historyOf(this.#state, sessionId);
    if (timeline.reachesStart || timeline.messages.length === 0) return;
    this.#loadPage(sessionId, "older", oldestSeq(timeline), insertOlderPage);
  }

  send(sessionId: string, content: string): void {
    // The next message is another piece of news.
    this.#typingAtMs.delete(sessionId);
    this.#send(sessionId, newClientMsgId(), content);
  }

  /** Sends a failed message again, under its own id: it is stored once in any case. */
  sendAgain(sessionId: string, clientMsgId: string): void {
    const { pending } = historyOf(this.#state, sessionId).timeline;
    const failed = pending.find((message) => message.clientMsgId === clientMsgId);
    if (failed) this.#send(sessionId, clientMsgId, failed.content);
  }

  /** Tells the others that the user is writing, not too often. */
  reportTyping(sessionId: string): void {
    const nowMs = Date.now();
    if (nowMs - (this.#typingAtMs.get(sessionId) ?? 0) < typingEveryMs) return;
    this.#typingAtMs.set(sessionId, nowMs);
    this.#chat.reportTyping(sessionId);
  }

  discard(sessionId: string, clientMsgId: string): void {
    this.#changeTimeline(sessionId, (timeline) => removePending(timeline, clientMsgId));
  }

  /** @throws ClientError */
  async searchUsers(query: string, signal: AbortSignal): Promise<readonly ContactInfo[]> {
    const { users } = await this.#api.searchUser({ query }, { signal });
    return users.filter((user) => user.username !== this.#state.username);
  }

  /** Returns the one-to-one session with somebody, made if there is none. @throws ClientError */
  async openSingle(username: string, signal: AbortSignal): Promise<string> {
    const names = [parseUsername(this.#state.username), parseUsername(username)] as const;
    const known = singleSessionId(...names);
    if (this.#state.sessions.has(known)) return known;
    return await this.#createSession({ members: [username], type: single, name: "" }, signal);
  }

  /** Makes a group of the user and these people. @throws ClientError */
  createGroup(name: string, members: readonly string[], signal: AbortSignal): Promise<string> {
    return this.#createSession({ members: [...members], type: group, name }, signal);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#listeners.clear();
    await this.#chat.close();
  }

  async #createSession(
    request: { members: string[]; type: number; name: string },
    signal: AbortSignal,
  ): Promise<string> {
    const { sessionId } = await this.#api.createSession(request, { signal });
    this.#chat.refresh();
    return sessionId;
  }

  #send(sessionId: string, clientMsgId: string, content: string): void {
    const message = { clientMsgId, content, createdAtMs: Date.now() };
    this.#changeTimeline(sessionId, (timeline) => addPending(timeline, message));
    this.#chat.send({ sessionId, content, clientMsgId }, this.#closing.signal).then(
      ({ seqId }) => {
        this.#changeTimeline(sessionId, (timeline) => markSent(timeline, clientMsgId, seqId));
      },
      (error: unknown) => {
        this.#changeTimeline(sessionId, (timeline) =>
          markFailed(timeline, clientMsgId, toClientError(error)),
        );
      },
    );
  }

  #onMessage(message: PushMessage): void {
    const { sessionId, fromUsername } = message;
    this.#change((state) => {
      const next = applyMessage(state, message, this.#isOnScreen(sessionId));
      return endTyping(next, sessionId, fromUsername);
    });
    this.#reportRead();
  }

  #onSessions(sessions: readonly SessionInfo[]): void {
    this.#change((state) => applySessions(state, sessions));
    // The history may have been loaded just before the stream of messages began.
    for (const { id, lastSeq } of this.#state.sessions.values()) {
      const history = this.#state.histories.get(id);
      const isBehind = history?.loaded && newestSeq(history.timeline) < lastSeq;
      if (isBehind || this.#behind.has(id)) this.loadNewest(id);
    }
    this.#reportRead();
  }

  #reload(sessionId: string): void {
    if (!this.#state.histories.has(sessionId)) return;
    this.#behind.add(sessionId);
    this.loadNewest(sessionId);
  }

  #loadPage(
    sessionId: string,
    which: "newest" | "older",
    beforeSeq: bigint,
    insert: (timeline: SessionTimeline, page: PushMessage[], limit: number) => SessionTimeline,
  ): void {
    if (historyOf(this.#state, sessionId).loading) return;
    if (which === "newest") this.#behind.delete(sessionId);
    this.#change((state) => updateHistory(state, sessionId, { loading: which, error: undefined }));
    const request = { sessionId, limit: BigInt(limit), beforeSeq };
    this.#api.getHistoryMessages(request, { signal: this.#closing.signal }).then(
      ({ messages, members }) => {
        const { timeline } = historyOf(this.#state, sessionId);
        this.#change((state) =>
          updateHistory(state, sessionId, {
            timeline: insert(timeline, messages, limit),
            loading: undefined,
            ...(which === "newest" ? { loaded: true, members } : {}),
          }),
        );
        this.#reportRead();
        // Missed while this page was under way.
        if (this.#behind.has(sessionId)) this.loadNewest(sessionId);
      },
      (cause: unknown) => {
        if (which === "newest") this.#behind.add(sessionId);
        const error = toClientError(cause);
        if (error.reason === "not_signed_in") this.#onSignedOut();
        this.#change((state) => updateHistory(state, sessionId, { loading: undefined, error }));
      },
    );
  }

  #isOnScreen(sessionId: string): boolean {
    return this.#isVisible && this.#state.open?.sessionId === sessionId;
  }

  /** Tells the server how far the session on screen is read. One report at a time. */
  #reportRead(): void {
    // A closed model's reports fail at once and change nothing: the next one would follow for ever.
    if (this.#closing.signal.aborted) return;
    const sessionId = this.#state.open?.sessionId;
    if (!sessionId || !this.#isOnScreen(sessionId) || this.#reporting.has(sessionId)) return;
    const session = this.#state.sessions.get(sessionId);
    if (!session || !historyOf(this.#state, sessionId).loaded) return;
    if (session.lastReadSeq >= session.lastSeq) return;
    this.#change((state) => markRead(state, sessionId));
    this.#reporting.add(sessionId);
    const request = { sessionId, seqId: session.lastSeq };
    this.#api
      .updateReadPosition(request, { signal: this.#closing.signal })
      // The next message of the session reports again; until then only the counter is behind.
      .catch(() => undefined)
      .finally(() => {
        this.#reporting.delete(sessionId);
        this.#reportRead();
      });
  }

  #changeTimeline(sessionId: string, change: (timeline: SessionTimeline) => SessionTimeline): void {
    this.#change((state) =>
      updateHistory(state, sessionId, {
        timeline: change(historyOf(state, sessionId).timeline),
      }),
    );
  }

  #change(change: (state: ChatState) => ChatState): void {
    if (this.#closing.signal.aborted) return;
    this.#state = change(this.#state);
    for (const listener of this.#listeners) listener();
  }
}
