import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Account } from "../account.ts";
import type { ChatModel } from "../state/chat-model.ts";
import { type ChatState, totalUnread } from "../state/chat-state.ts";
import { hashOfSession, sessionOfHash } from "../state/hash-route.ts";
import { opsBotSessionId, sessionTitle } from "../state/session-names.ts";
import { useTexts } from "../texts/use-texts.tsx";
import { AppBar } from "./app-bar.tsx";
import { Conversation } from "./conversation.tsx";
import { NewSessionDialog } from "./new-session-dialog.tsx";
import { SessionList } from "./session-list.tsx";

type Props = {
  readonly account: Account;
  readonly model: ChatModel;
  readonly onSignOut: () => void;
};

/** The page of somebody who is signed in. The address names the open session. */
export function ChatPage({ account, model, onSignOut }: Props) {
  const texts = useTexts();
  const state = useSyncExternalStore(model.subscribe, model.getState);
  const [isChoosing, setChoosing] = useState(false);
  const drafts = useRef(new Map<string, string>());
  const openId = state.open?.sessionId;
  const openSession = openId === undefined ? undefined : state.sessions.get(openId);

  useRoute(model, state);
  useVisibility(model);
  useDocumentTitle(totalUnread(state));
  useUnsentWarning(state);

  const titled = openSession ?? (openId === undefined ? undefined : { id: openId, name: "" });
  return (
    <div className="app" data-pane={openId === undefined ? "sessions" : "conversation"}>
      <AppBar
        account={account}
        connection={state.connection}
        title={titled && sessionTitle(titled, state.username, texts)}
        onBack={() => navigate(undefined)}
        onSignOut={onSignOut}
      />
      <SessionList state={state} onNew={() => setChoosing(true)} />
      {openId === undefined ? (
        <main className="conversation conversation-none">
          <p>{texts.app.noSessionOpen}</p>
        </main>
      ) : (
        <Conversation
          key={openId}
          sessionId={openId}
          state={state}
          model={model}
          drafts={drafts.current}
        />
      )}
      {isChoosing && (
        <NewSessionDialog
          model={model}
          onClose={() => setChoosing(false)}
          onOpen={(sessionId) => {
            setChoosing(false);
            navigate(sessionId);
          }}
        />
      )}
    </div>
  );
}

function navigate(sessionId: string | undefined): void {
  location.hash = sessionId === undefined ? "" : hashOfSession(sessionId);
}

function useRoute(model: ChatModel, { username, listed, sessions }: ChatState): void {
  useEffect(() => {
    const follow = () => model.openSession(sessionOfHash(location.hash));
    follow();
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [model]);

  const isArrived = useRef(false);
  useEffect(() => {
    // Later an empty pane is what the user chose.
    if (!listed || isArrived.current) return;
    isArrived.current = true;
    // Where both panes fit, an empty one would only ask for a click.
    const isWide = matchMedia("(min-width: 720px)").matches;
    const assistant = opsBotSessionId(username);
    if (!isWide || sessionOfHash(location.hash) || !sessions.has(assistant)) return;
    history.replaceState(null, "", hashOfSession(assistant));
    model.openSession(assistant);
  }, [model, username, listed, sessions]);
}

function useVisibility(model: ChatModel): void {
  useEffect(() => {
    const note = () => model.setVisible(document.visibilityState === "visible");
    note();
    document.addEventListener("visibilitychange", note);
    return () => document.removeEventListener("visibilitychange", note);
  }, [model]);
}

function useDocumentTitle(unread: number): void {
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Resonance` : "Resonance";
    return () => {
      document.title = "Resonance";
    };
  }, [unread]);
}

// A message that has no Ack yet is known to this page alone.
function useUnsentWarning(state: ChatState): void {
  const isSending = [...state.histories.values()].some(({ timeline }) =>
    timeline.pending.some((message) => message.state === "sending"),
  );
  useEffect(() => {
    if (!isSending) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [isSending]);
}
