import { useTexts } from "../texts/use-texts.tsx";
import type { Mentions } from "./use-mentions.ts";

/** The names that can stand behind the @. The keyboard's focus stays in the text area. */
export function MentionList({ id, mentions }: { id: string; mentions: Mentions }) {
  const { composer } = useTexts();
  const { names, active, choose } = mentions;
  if (names.length === 0) return null;
  return (
    <div className="mentions" role="listbox" id={id} aria-label={composer.mention}>
      {names.map((name, index) => (
        <div
          key={name}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          data-testid={`mention-${name}`}
          // A click would take the focus away first.
          onPointerDown={(event) => {
            event.preventDefault();
            choose(name);
          }}
        >
          @{name}
        </div>
      ))}
    </div>
  );
}
