import { useRef } from "react";
import type { ChatModel } from "../state/chat-model.ts";
import { type ChatState, historyOf } from "../state/chat-state.ts";
import { opsBot, peerOf, senderName, sessionTitle } from "../state/session-names.ts";
import { useTexts } from "../texts/use-texts.tsx";
import { Composer } from "./composer.tsx";
import { mentionable } from "./mention.ts";
import { MessageList } from "./message-list.tsx";
import { ProgressLine } from "./progress-line.tsx";
import { Suggestions } from "./suggestions.tsx";
import { TypingLine } from "./typing-line.tsx";

type Props = {
  readonly sessionId: string;
  readonly state: ChatState;
  readonly model: ChatModel;
  /** What was begun in each session and not sent. */
  readonly drafts: Map<string, string>;
};

/** The session on screen. To be given the session id as its key. */
export function Conversation({ sessionId, state, model, drafts }: Props) {
  const texts = useTexts();
  const { username } = state;
  const session = state.sessions.get(sessionId) ?? {
    id: sessionId,
    name: "",
    isPeerOnline: false,
    bots: [],
  };
  const history = historyOf(state, sessionId);
  const progress = state.progress.get(sessionId);
  const title = sessionTitle(session, username, texts);
  const peer = peerOf(sessionId, username);
  const about = peer === opsBot ? texts.session.opsBotAbout : (peer ?? texts.session.group);
  const send = (content: string) => model.send(sessionId, content);
  const main = useRef<HTMLElement>(null);
  // The button goes away; the keyboard goes on where one writes.
  const command = (content: string) => {
    send(content);
    if (matchMedia("(pointer: fine)").matches) main.current?.querySelector("textarea")?.focus();
  };
  const { messages, pending, reachesStart } = history.timeline;
  // In a one-to-one session with the bot nobody else asks.
  const isOwnQuestion =
    peer === opsBot ||
    messages.some(
      ({ msgId, fromUsername }) => msgId === progress?.refMsgId && fromUsername === username,
    );
  const stopCommand = peer === opsBot ? "/cancel" : `@${progress?.from} /cancel`;
  const isUnasked =
    history.loaded &&
    reachesStart &&
    pending.length === 0 &&
    !messages.some((message) => message.fromUsername === username);

  return (
    <main className="conversation" ref={main}>
      <header className="conversation-header">
        <h2>{title}</h2>
        {about !== title && <p>{about}</p>}
        {session.isPeerOnline && (
          <p className="peer-online" data-testid="peer-online">
            {texts.session.online}
          </p>
        )}
      </header>
      <MessageList
        session={session}
        history={history}
        unread={state.open?.unread}
        model={model}
        onCommand={(text) => command(peer === opsBot ? text : `@${opsBot} ${text}`)}
      />
      {progress && (
        <ProgressLine
          key={progress.refMsgId.toString()}
          progress={progress}
          name={senderName(progress.from, session, username, texts)}
          onStop={isOwnQuestion ? () => command(stopCommand) : undefined}
        />
      )}
      <TypingLine session={session} state={state} />
      {peer === opsBot && isUnasked && <Suggestions onAsk={send} />}
      <Composer
        bot={session.bots[0]}
        names={peer === undefined ? mentionable(session.bots, history, username) : []}
        draft={drafts.get(sessionId) ?? ""}
        onDraft={(draft) => {
          drafts.set(sessionId, draft);
          // The assistant does not look over the user's shoulder.
          if (draft !== "" && peer !== opsBot) model.reportTyping(sessionId);
        }}
        onSend={send}
      />
    </main>
  );
}
