import type { ChatState } from "../state/chat-state.ts";
import { writerIn } from "../state/hints.ts";
import { senderName } from "../state/session-names.ts";
import { useTexts } from "../texts/use-texts.tsx";
import { useNow } from "./use-now.ts";

type Props = {
  readonly session: { readonly id: string; readonly name: string };
  readonly state: ChatState;
};

/** Who is writing in a session, as long as that is known. */
export function TypingLine({ session, state }: Props) {
  const texts = useTexts();
  const writer = writerIn(state, session.id, useNow(1_000));
  if (writer === undefined) return null;
  return (
    <div className="progress" data-testid="typing">
      <span className="progress-dots" aria-hidden="true" />
      <span className="progress-text">
        {texts.messages.writing(senderName(writer, session, state.username, texts))}
      </span>
    </div>
  );
}
