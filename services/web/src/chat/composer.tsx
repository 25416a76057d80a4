import { limits } from "@resonance/mq-proto";
import {
  type FormEvent,
  type KeyboardEvent,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { SendIcon } from "../icons.tsx";
import { useTexts } from "../texts/use-texts.tsx";
import { MentionList } from "./mention-list.tsx";
import { useMentions } from "./use-mentions.ts";

const utf8 = new TextEncoder();
const hintFromBytes = limits.contentMaxBytes - 5_000;

type Props = {
  /** A bot that is asked with a mention. */
  readonly bot?: string | undefined;
  /** Who can be mentioned, in this order. */
  readonly names: readonly string[];
  readonly draft: string;
  /** Called with every change, so that a draft outlives the composer. */
  readonly onDraft: (draft: string) => void;
  readonly onSend: (content: string) => void;
};

/** Where a message is written. Enter sends, Shift+Enter starts a new line. */
export function Composer({ bot, names, draft, onDraft, onSend }: Props) {
  const texts = useTexts();
  const [content, setContent] = useState(draft);
  const area = useRef<HTMLTextAreaElement>(null);
  const bytes = byteLength(content);
  const isTooLong = bytes > limits.contentMaxBytes;
  const canSend = content.trim() !== "" && !isTooLong;

  useLayoutEffect(() => fitHeight(area.current, content), [content]);
  useEffect(() => {
    // On a phone the focus would bring up the keyboard unasked.
    if (matchMedia("(pointer: fine)").matches) area.current?.focus();
  }, []);

  const change = (next: string) => {
    setContent(next);
    onDraft(next);
  };
  const mentions = useMentions(area, names, change);
  const listId = useId();
  const isOffering = mentions.names.length > 0;
  const send = () => {
    if (!canSend) return;
    onSend(content);
    change("");
    area.current?.focus();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that chooses a word in an input method ends no message; Safari tells it by the code.
    if (event.nativeEvent.isComposing || event.nativeEvent.keyCode === 229) return;
    if (mentions.take(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  };

  return (
    <form className="composer" onSubmit={onSubmit}>
      <textarea
        ref={area}
        data-testid="composer"
        rows={1}
        value={content}
        placeholder={
          bot === undefined ? texts.composer.placeholder : texts.composer.placeholderWithBot(bot)
        }
        aria-label={texts.composer.label}
        aria-invalid={isTooLong}
        aria-autocomplete={names.length > 0 ? "list" : undefined}
        aria-controls={isOffering ? listId : undefined}
        aria-activedescendant={isOffering ? `${listId}-${mentions.active}` : undefined}
        enterKeyHint="send"
        onChange={(event) => {
          change(event.target.value);
          mentions.look();
        }}
        onSelect={mentions.look}
        onBlur={mentions.close}
        onKeyDown={onKeyDown}
      />
      <MentionList id={listId} mentions={mentions} />
      <button
        type="submit"
        className="send"
        data-testid="send"
        disabled={!canSend}
        aria-label={texts.composer.send}
        title={texts.composer.send}
      >
        <SendIcon />
      </button>
      <SizeHint bytes={bytes} />
    </form>
  );
}

function SizeHint({ bytes }: { bytes: number }) {
  const { composer, locale } = useTexts();
  const number = new Intl.NumberFormat(locale);
  const over = bytes - limits.contentMaxBytes;
  if (over > 0) {
    return (
      <p className="composer-hint" role="alert" data-testid="error">
        {composer.tooLong(number.format(over))} (
        {composer.bytes(number.format(bytes), number.format(limits.contentMaxBytes))})
      </p>
    );
  }
  return (
    <p className="composer-hint">
      {bytes > hintFromBytes ? (
        composer.bytes(number.format(bytes), number.format(limits.contentMaxBytes))
      ) : (
        <span className="wide-only">{composer.hint}</span>
      )}
    </p>
  );
}

function byteLength(text: string): number {
  // Encoding is for those that may be near the limit: a UTF-16 unit has at most three bytes.
  return text.length * 3 < hintFromBytes ? text.length : utf8.encode(text).length;
}

function fitHeight(area: HTMLTextAreaElement | null, content: string): void {
  if (!area) return;
  area.style.height = "auto";
  // The style sheet sets the upper bound.
  if (content !== "") area.style.height = `${area.scrollHeight + 2}px`;
}
