import type { ConnectionState } from "@resonance/client";
import type { Account } from "../account.ts";
import { BackIcon, SignOutIcon, WaveIcon } from "../icons.tsx";
import { useTexts } from "../texts/use-texts.tsx";

type Props = {
  readonly account: Account;
  readonly connection: ConnectionState;
  /** What is on screen where only one pane fits; undefined is the session list. */
  readonly title: string | undefined;
  readonly onBack: () => void;
  readonly onSignOut: () => void;
};

/** The top line: where one is, whether the connection stands, who one is. */
export function AppBar({ account, connection, title, onBack, onSignOut }: Props) {
  const texts = useTexts();
  return (
    <header className="app-bar">
      {title !== undefined && (
        <div className="app-bar-place">
          <button
            type="button"
            className="icon-button"
            data-testid="back"
            aria-label={texts.app.back}
            onClick={onBack}
          >
            <BackIcon />
          </button>
          <strong>{title}</strong>
        </div>
      )}
      <div className="brand">
        <WaveIcon />
        <strong>Resonance</strong>
      </div>
      <span className="spring" />
      <span
        className="connection"
        data-testid="connection-state"
        data-state={connection}
        role="status"
      >
        {texts.connection[connection]}
      </span>
      <span className="account" title={account.username}>
        {account.nickname || account.username}
      </span>
      <button
        type="button"
        className="icon-button sign-out"
        data-testid="sign-out"
        aria-label={texts.app.signOut}
        title={texts.app.signOut}
        onClick={onSignOut}
      >
        <SignOutIcon />
      </button>
    </header>
  );
}
