import { shortTime } from "../format-time.ts";
import { PlusIcon } from "../icons.tsx";
import { previewOf } from "../message/preview.ts";
import { systemText } from "../message/system-text.ts";
import type { ChatState, SessionState } from "../state/chat-state.ts";
import { hashOfSession } from "../state/hash-route.ts";
import { peerOf, senderName, sessionTitle, sortSessions } from "../state/session-names.ts";
import { useTexts } from "../texts/use-texts.tsx";
import { Avatar } from "./avatar.tsx";

type Props = { readonly state: ChatState; readonly onNew: () => void };

/** All sessions, the assistant first. */
export function SessionList({ state, onNew }: Props) {
  const texts = useTexts();
  const sessions = sortSessions(state.sessions.values(), state.username);
  return (
    <nav className="sessions" aria-label={texts.app.sessions}>
      <header className="sessions-header">
        <h2>{texts.app.sessions}</h2>
        <button
          type="button"
          className="icon-button"
          data-testid="new-session"
          aria-label={texts.app.newSession}
          title={texts.app.newSession}
          onClick={onNew}
        >
          <PlusIcon />
        </button>
      </header>
      {!state.listed && sessions.length === 0 && (
        <p className="history-note">{texts.app.loading}</p>
      )}
      <ul>
        {sessions.map((session) => (
          <li key={session.id}>
            <SessionRow session={session} state={state} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function SessionRow({ session, state }: { session: SessionState; state: ChatState }) {
  const texts = useTexts();
  const { username } = state;
  const title = sessionTitle(session, username, texts);
  const isOpen = state.open?.sessionId === session.id;
  const atMs = Number(session.lastMessage?.timestamp ?? 0n) * 1000;
  return (
    <a
      className="session"
      href={hashOfSession(session.id)}
      data-testid={`session-${session.id}`}
      aria-current={isOpen ? "page" : undefined}
    >
      <Avatar
        username={peerOf(session.id, username) ?? session.id}
        name={title}
        isOnline={session.isPeerOnline}
      />
      <span className="session-title">
        {title}
        {session.isPeerOnline && <span className="visually-hidden"> ({texts.session.online})</span>}
      </span>
      {atMs > 0 && <span className="session-time">{shortTime(atMs, Date.now(), texts)}</span>}
      <span className="session-preview">
        <Preview session={session} state={state} />
      </span>
      {session.unread > 0 && (
        <span className="unread" data-testid="unread">
          <span aria-hidden="true">{session.unread > 99 ? "99+" : session.unread}</span>
          <span className="visually-hidden">{texts.session.unread(session.unread)}</span>
        </span>
      )}
    </a>
  );
}

function Preview({ session, state }: { session: SessionState; state: ChatState }) {
  const texts = useTexts();
  const { lastMessage, id } = session;
  if (state.progress.has(id)) return <em>{texts.session.pending}</em>;
  if (!lastMessage) return texts.session.noMessages;
  const { fromUsername, content, type } = lastMessage;
  if (type === "system") return previewOf(systemText(content, texts));
  const text = previewOf(content);
  const isPeer = fromUsername === peerOf(id, state.username);
  if (isPeer || fromUsername === "") return text;
  return `${senderName(fromUsername, session, state.username, texts)}: ${text}`;
}
