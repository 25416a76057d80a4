import type { ContactInfo } from "@resonance/mq-proto/gateway";
import type { FormEvent } from "react";
import { CloseIcon } from "../icons.tsx";
import { personName } from "../state/session-names.ts";
import { useTexts } from "../texts/use-texts.tsx";

type Props = {
  readonly members: readonly ContactInfo[];
  readonly isBusy: boolean;
  readonly onRemove: (username: string) => void;
  readonly onCreate: (name: string) => void;
};

/** The name of a group and who was chosen for it. */
export function GroupForm({ members, isBusy, onRemove, onCreate }: Props) {
  const texts = useTexts();
  const { newSession } = texts;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onCreate(String(new FormData(event.currentTarget).get("name") ?? "").trim());
  };
  return (
    <form className="group-form" onSubmit={submit}>
      <label>
        {newSession.groupName}
        <input name="name" data-testid="group-name" required autoComplete="off" />
      </label>
      {members.length > 0 && (
        <ul className="chips" aria-label={newSession.members}>
          {members.map((member) => (
            <li key={member.username}>
              {personName(member, texts)}
              <button
                type="button"
                aria-label={newSession.remove(personName(member, texts))}
                onClick={() => onRemove(member.username)}
              >
                <CloseIcon />
              </button>
            </li>
          ))}
        </ul>
      )}
      <button
        type="submit"
        className="primary"
        data-testid="create-group"
        disabled={isBusy || members.length === 0}
      >
        {newSession.create}
      </button>
    </form>
  );
}
