import type { ContactInfo } from "@resonance/mq-proto/gateway";
import { useEffect, useRef, useState } from "react";
import type { ChatModel } from "../state/chat-model.ts";
import { personName } from "../state/session-names.ts";
import { failureText, useTexts } from "../texts/use-texts.tsx";
import { Avatar } from "./avatar.tsx";

const typingPauseMs = 200;

type Props = {
  readonly model: ChatModel;
  readonly isBusy: boolean;
  readonly onChoose: (person: ContactInfo) => void;
};

type Found =
  | { readonly kind: "nothing" }
  | { readonly kind: "people"; readonly people: readonly ContactInfo[] }
  | { readonly kind: "failure"; readonly failure: unknown };

/** Finds people by a part of their name. */
export function PeopleSearch({ model, isBusy, onChoose }: Props) {
  const texts = useTexts();
  const [query, setQuery] = useState("");
  const found = useSearch(model, query.trim());
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  return (
    <search className="people-search">
      <label>
        {texts.newSession.search}
        <input
          ref={input}
          type="search"
          data-testid="search-user"
          value={query}
          placeholder={texts.newSession.searchHint}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setQuery(event.target.value)}
        />
      </label>
      <div aria-live="polite">
        {found.kind === "failure" && (
          <p className="failure" data-testid="error">
            {failureText(texts, found.failure)}
          </p>
        )}
        {found.kind === "people" && found.people.length === 0 && (
          <p className="history-note">{texts.newSession.nobody}</p>
        )}
        <ul className="people">
          {found.kind === "people" &&
            found.people.map((person) => (
              <li key={person.username}>
                <button
                  type="button"
                  data-testid={`user-${person.username}`}
                  disabled={isBusy}
                  onClick={() => onChoose(person)}
                >
                  <Avatar username={person.username} name={personName(person, texts)} />
                  <span>{personName(person, texts)}</span>
                  <span className="muted">{person.username}</span>
                </button>
              </li>
            ))}
        </ul>
      </div>
    </search>
  );
}

function useSearch(model: ChatModel, query: string): Found {
  const [found, setFound] = useState<Found>({ kind: "nothing" });
  useEffect(() => {
    if (query === "") {
      setFound({ kind: "nothing" });
      return;
    }
    const search = new AbortController();
    const { signal } = search;
    const show = (next: Found) => {
      if (!signal.aborted) setFound(next);
    };
    const timer = setTimeout(() => {
      model.searchUsers(query, signal).then(
        (people) => show({ kind: "people", people }),
        (failure: unknown) => show({ kind: "failure", failure }),
      );
    }, typingPauseMs);
    return () => {
      clearTimeout(timer);
      search.abort();
    };
  }, [model, query]);
  return found;
}
