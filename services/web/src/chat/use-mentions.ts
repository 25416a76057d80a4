import { type KeyboardEvent, type RefObject, useRef, useState } from "react";
import { type Mention, mentionAt, namesFor } from "./mention.ts";

export type Mentions = {
  /** What is offered now; none while no mention is being written. */
  readonly names: readonly string[];
  readonly active: number;
  /** Looks where the cursor stands: after every change of text and cursor. */
  readonly look: () => void;
  readonly close: () => void;
  readonly choose: (name: string) => void;
  /** Whether the key was meant for the list. */
  readonly take: (event: KeyboardEvent) => boolean;
};

/** Completes names behind an @ in a text area; `onText` gets the text with a name put in. */
export function useMentions(
  area: RefObject<HTMLTextAreaElement | null>,
  known: readonly string[],
  onText: (content: string) => void,
): Mentions {
  const [mention, setMention] = useState<Mention>();
  const [active, setActive] = useState(0);
  // Where the @ stands whose list was closed with Escape.
  const dismissed = useRef<number>(undefined);
  const names = mention ? namesFor(mention.begun, known) : [];

  const look = () => {
    const { value = "", selectionEnd = 0 } = area.current ?? {};
    const found = mentionAt(value, selectionEnd);
    const isAnother = found?.start !== dismissed.current || found?.begun === "";
    if (isAnother) dismissed.current = undefined;
    if (found?.begun !== mention?.begun || found?.start !== mention?.start) setActive(0);
    setMention(isAnother ? found : undefined);
  };
  const close = () => setMention(undefined);
  const choose = (name: string) => {
    if (!mention || !area.current) return;
    area.current.setRangeText(`@${name} `, mention.start, mention.end, "end");
    setMention(undefined);
    onText(area.current.value);
  };
  const take = (event: KeyboardEvent): boolean => {
    const name = names[active];
    if (name === undefined) return false;
    if (event.key === "Escape") {
      dismissed.current = mention?.start;
      close();
    } else if (event.key === "ArrowDown") setActive((active + 1) % names.length);
    else if (event.key === "ArrowUp") setActive((active + names.length - 1) % names.length);
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") choose(name);
    else return false;
    event.preventDefault();
    return true;
  };
  return { names, active, look, close, choose, take };
}
