import type { BotProgress } from "../state/chat-state.ts";
import { useTexts } from "../texts/use-texts.tsx";
import { useNow } from "./use-now.ts";

// Progress may be lost, its end too: after this time without any the line says nothing true.
const believedForMs = 120_000;

type Props = {
  readonly progress: BotProgress;
  readonly name: string;
  /** Absent where the question is somebody else's to stop. */
  readonly onStop: (() => void) | undefined;
};

/** What the bot is doing about the last question, for how long it has been, and a way to end it. */
export function ProgressLine({ progress, name, onStop }: Props) {
  const { messages } = useTexts();
  const nowMs = useNow(1_000);
  if (nowMs - progress.updatedAtMs > believedForMs) return null;
  const seconds = Math.max(0, Math.floor((nowMs - progress.startedAtMs) / 1000));
  return (
    <div className="progress" data-testid="progress" role="status">
      <span className="progress-dots" aria-hidden="true" />
      <span className="progress-text">{progress.text || messages.working(name)}</span>
      {seconds > 1 && (
        <span className="progress-time" aria-hidden="true">
          {messages.seconds(seconds)}
        </span>
      )}
      {onStop && (
        <button type="button" className="progress-stop" data-testid="stop" onClick={onStop}>
          {messages.stop}
        </button>
      )}
    </div>
  );
}
