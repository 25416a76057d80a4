import { register, type SignedIn, signIn } from "@resonance/client";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { WaveIcon } from "../icons.tsx";
import { failureText, useTexts } from "../texts/use-texts.tsx";

type Props = {
  readonly baseUrl: string;
  /** Whether to ask for tokens that are renewed. */
  readonly isRefreshable: boolean;
  /** Whether the page is here because a sign-in has ended. */
  readonly hasEnded: boolean;
  readonly onSignedIn: (signedIn: SignedIn) => void;
};

/** Signs in, or makes an account. */
export function SignInPage({ baseUrl, isRefreshable, hasEnded, onSignedIn }: Props) {
  const texts = useTexts();
  const [isRegistering, setRegistering] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const leaving = useRef(new AbortController());
  const username = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const current = new AbortController();
    leaving.current = current;
    username.current?.focus();
    return () => current.abort();
  }, []);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { signal } = leaving.current;
    const fields = { ...readFields(event.currentTarget), refreshable: isRefreshable };
    setBusy(true);
    setFailure(undefined);
    (isRegistering ? register(baseUrl, fields, signal) : signIn(baseUrl, fields, signal)).then(
      onSignedIn,
      (error: unknown) => {
        if (signal.aborted) return;
        setFailure(error);
        setBusy(false);
      },
    );
  };
  const toggle = () => {
    setRegistering(!isRegistering);
    setFailure(undefined);
    username.current?.focus();
  };
  const message = failure === undefined ? undefined : failureText(texts, failure);
  const shown = message ?? (hasEnded ? texts.signIn.ended : undefined);

  return (
    <main className="sign-in">
      <form onSubmit={submit} aria-labelledby="sign-in-title">
        <div className="brand">
          <WaveIcon />
          <strong>Resonance</strong>
        </div>
        <p className="muted">{texts.signIn.tagline}</p>
        <h1 id="sign-in-title">{isRegistering ? texts.signIn.register : texts.signIn.title}</h1>
        <Fields isRegistering={isRegistering} usernameInput={username} />
        {shown !== undefined && (
          <p className="failure" role="alert" data-testid="error">
            {shown}
          </p>
        )}
        <button
          type="submit"
          className="primary"
          data-testid={isRegistering ? "register-submit" : "sign-in"}
          disabled={isBusy}
        >
          {isRegistering ? texts.signIn.register : texts.signIn.submit}
        </button>
        <button type="button" className="quiet" data-testid="register-toggle" onClick={toggle}>
          {isRegistering ? texts.signIn.toSignIn : texts.signIn.toRegister}
        </button>
      </form>
    </main>
  );
}

type FieldsProps = {
  readonly isRegistering: boolean;
  readonly usernameInput: React.RefObject<HTMLInputElement | null>;
};

function Fields({ isRegistering, usernameInput }: FieldsProps) {
  const { signIn } = useTexts();
  const id = useId();
  return (
    <>
      <label>
        {signIn.username}
        <input
          ref={usernameInput}
          name="username"
          data-testid="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
      </label>
      {isRegistering && (
        <label>
          {signIn.nickname}
          <input
            name="nickname"
            data-testid="nickname"
            autoComplete="nickname"
            aria-describedby={`${id}-nickname`}
          />
          <span className="field-hint" id={`${id}-nickname`}>
            {signIn.nicknameHint}
          </span>
        </label>
      )}
      <label>
        {signIn.password}
        <input
          name="password"
          type="password"
          data-testid="password"
          autoComplete={isRegistering ? "new-password" : "current-password"}
          aria-describedby={isRegistering ? `${id}-password` : undefined}
          required
        />
        {isRegistering && (
          <span className="field-hint" id={`${id}-password`}>
            {signIn.passwordHint}
          </span>
        )}
      </label>
    </>
  );
}

function readFields(form: HTMLFormElement) {
  const data = new FormData(form);
  const field = (name: string) => String(data.get(name) ?? "");
  return { username: field("username"), password: field("password"), nickname: field("nickname") };
}
