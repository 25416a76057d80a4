import type { ContactInfo } from "@resonance/mq-proto/gateway";
import { useEffect, useRef, useState } from "react";
import { CloseIcon } from "../icons.tsx";
import type { ChatModel } from "../state/chat-model.ts";
import { failureText, useTexts } from "../texts/use-texts.tsx";
import { GroupForm } from "./group-form.tsx";
import { PeopleSearch } from "./people-search.tsx";

type Props = {
  readonly model: ChatModel;
  readonly onClose: () => void;
  /** The session that was made, or that there was already. */
  readonly onOpen: (sessionId: string) => void;
};

/** Begins a one-to-one session with somebody, or a group. */
export function NewSessionDialog({ model, onClose, onOpen }: Props) {
  const texts = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const [kind, setKind] = useState<"direct" | "group">("direct");
  const [members, setMembers] = useState<readonly ContactInfo[]>([]);
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const signal = useUnmountSignal();

  useEffect(() => dialog.current?.showModal(), []);

  const run = (make: (signal: AbortSignal) => Promise<string>) => {
    setFailure(undefined);
    setBusy(true);
    make(signal())
      .then(onOpen, setFailure)
      .finally(() => setBusy(false));
  };
  const choose = (person: ContactInfo) => {
    if (kind === "direct") run((signal) => model.openSingle(person.username, signal));
    else if (!members.some(({ username }) => username === person.username)) {
      setMembers([...members, person]);
    }
  };
  const createGroup = (name: string) => {
    const usernames = members.map(({ username }) => username);
    run((signal) => model.createGroup(name, usernames, signal));
  };

  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="new-session" onClose={onClose}>
      <header>
        <h2 id="new-session">{texts.newSession.title}</h2>
        <button
          type="button"
          className="icon-button"
          aria-label={texts.newSession.close}
          onClick={() => dialog.current?.close()}
        >
          <CloseIcon />
        </button>
      </header>
      <fieldset className="switch">
        <legend className="visually-hidden">{texts.newSession.title}</legend>
        {(["direct", "group"] as const).map((value) => (
          <label key={value}>
            <input
              type="radio"
              name="kind"
              data-testid={`kind-${value}`}
              checked={kind === value}
              onChange={() => setKind(value)}
            />
            {texts.newSession[value]}
          </label>
        ))}
      </fieldset>
      {kind === "group" && (
        <GroupForm
          members={members}
          isBusy={isBusy}
          onRemove={(username) => {
            setMembers(members.filter((member) => member.username !== username));
          }}
          onCreate={createGroup}
        />
      )}
      <PeopleSearch model={model} isBusy={isBusy} onChoose={choose} />
      {failure !== undefined && (
        <p className="failure" role="alert" data-testid="error">
          {failureText(texts, failure)}
        </p>
      )}
    </dialog>
  );
}

/** Gives the signal that is aborted when the component goes away. */
function useUnmountSignal(): () => AbortSignal {
  const controller = useRef(new AbortController());
  useEffect(() => {
    const current = new AbortController();
    controller.current = current;
    return () => current.abort();
  }, []);
  return () => controller.current.signal;
}
