import type { ClientError } from "@resonance/client";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { day } from "../format-time.ts";
import { DownIcon } from "../icons.tsx";
import type { ChatModel } from "../state/chat-model.ts";
import type { History, SessionState, UnreadRange } from "../state/chat-state.ts";
import { opsBot, senderName } from "../state/session-names.ts";
import { failureText, useTexts } from "../texts/use-texts.tsx";
import { MessageItem } from "./message-item.tsx";
import { type MessageRow, messageRows } from "./message-rows.ts";
import { openProposals, proposalOf } from "./proposals.ts";
import { useMessageScroll } from "./use-message-scroll.ts";

type Props = {
  readonly session: Pick<SessionState, "id" | "name">;
  readonly history: History;
  readonly unread: UnreadRange | undefined;
  readonly model: ChatModel;
  /** Sends a command to the bot in this session. */
  readonly onCommand: (command: string) => void;
};

/** The messages of a session; reaching the top loads older ones. */
export function MessageList({ session, history, unread, model, onCommand }: Props) {
  const texts = useTexts();
  const scroller = useRef<HTMLDivElement>(null);
  const { timeline, loaded } = history;
  const rows = useMemo(() => messageRows(timeline, unread), [timeline, unread]);
  const { isAtEnd, scrollToEnd } = useMessageScroll(scroller, rows);
  const { id } = session;
  const { messages, username: me } = timeline;
  const open = useMemo(() => openProposals(messages, { bot: opsBot, me }), [messages, me]);
  const decisionOn = (row: MessageRow) => {
    const proposal = row.kind === "stored" ? proposalOf(row.message, opsBot) : undefined;
    if (proposal === undefined || !open.has(proposal)) return undefined;
    return (verdict: "approve" | "reject") => onCommand(`/${verdict} ${proposal}`);
  };
  const sendAgain = useCallback((messageId: string) => model.sendAgain(id, messageId), [model, id]);
  const discard = useCallback((messageId: string) => model.discard(id, messageId), [model, id]);

  const renderRow = (row: MessageRow) => {
    if (row.kind === "day") {
      return (
        <h3 className="day" key={row.key}>
          {day(row.atMs, Date.now(), texts)}
        </h3>
      );
    }
    if (row.kind === "unread") {
      return (
        <p className="unread-mark" data-unread-mark key={row.key}>
          {texts.messages.unreadFromHere}
        </p>
      );
    }
    const sender = row.kind === "stored" ? row.message.fromUsername : timeline.username;
    return (
      <MessageItem
        key={row.key}
        row={row}
        sender={sender}
        senderName={senderName(sender, session, timeline.username, texts)}
        isOwn={sender === timeline.username}
        onSendAgain={sendAgain}
        onDiscard={discard}
        onDecide={decisionOn(row)}
      />
    );
  };

  return (
    <div className="messages-frame">
      <div className="messages" ref={scroller} role="log" aria-label={texts.messages.label}>
        {loaded && (
          <OlderMessages
            // Observed anew after each page: a short one leaves the mark in sight.
            key={`${id} ${timeline.messages[0]?.seqId}`}
            sessionId={id}
            history={history}
            model={model}
          />
        )}
        {rows.map(renderRow)}
        <FirstPage sessionId={id} history={history} model={model} />
      </div>
      {!isAtEnd && (
        <button
          type="button"
          className="to-newest"
          aria-label={texts.messages.toNewest}
          onClick={scrollToEnd}
        >
          <DownIcon />
        </button>
      )}
    </div>
  );
}

type LoadProps = {
  readonly sessionId: string;
  readonly history: History;
  readonly model: ChatModel;
};

/** Loads older messages as soon as the reader comes near the top. */
function OlderMessages({ sessionId, history, model }: LoadProps) {
  const texts = useTexts();
  const mark = useRef<HTMLDivElement>(null);
  const { timeline, error } = history;
  const isWanted = timeline.messages.length > 0 && !timeline.reachesStart && !error;

  useEffect(() => {
    if (!isWanted || !mark.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) model.loadOlder(sessionId);
      },
      { root: mark.current.parentElement, rootMargin: "300px 0px 0px" },
    );
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [isWanted, sessionId, model]);

  if (error) {
    return <LoadFailure error={error} onRetry={() => model.loadOlder(sessionId)} />;
  }
  if (timeline.reachesStart) return <p className="history-note">{texts.messages.start}</p>;
  return (
    <div className="history-note" ref={mark}>
      {texts.messages.olderLoading}
    </div>
  );
}

/** In place of the messages, as long as there are none. */
function FirstPage({ sessionId, history, model }: LoadProps) {
  const texts = useTexts();
  const { loaded, error, timeline } = history;
  if (loaded) {
    const isEmpty = timeline.messages.length + timeline.pending.length === 0;
    return isEmpty ? <p className="history-note">{texts.session.noMessages}</p> : null;
  }
  if (!error) return <p className="history-note">{texts.app.loading}</p>;
  return <LoadFailure error={error} onRetry={() => model.loadNewest(sessionId)} />;
}

function LoadFailure({ error, onRetry }: { error: ClientError; onRetry: () => void }) {
  const texts = useTexts();
  return (
    <p className="history-note" role="alert" data-testid="error">
      {texts.app.cannotLoad} {failureText(texts, error)}{" "}
      <button type="button" onClick={onRetry}>
        {texts.app.retry}
      </button>
    </p>
  );
}
