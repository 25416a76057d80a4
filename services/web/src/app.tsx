import { type SignedIn, signOut } from "@resonance/client";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { type Account, accountKey, loadAccount, saveAccount } from "./account.ts";
import { SignInPage } from "./sign-in/sign-in-page.tsx";
import { useTexts } from "./texts/use-texts.tsx";

const loadSignedInPage = () => import("./signed-in-page.tsx");
const SignedInPage = lazy(async () => ({ default: (await loadSignedInPage()).SignedInPage }));

/** Either the sign-in, or the page of whoever is signed in. */
export function App() {
  const texts = useTexts();
  const baseUrl = location.origin;
  const [account, setAccount] = useState(() => loadAccount(localStorage));
  const [hasEnded, setEnded] = useState(false);

  useEffect(() => {
    // The other part of the page comes while the password is being typed.
    loadSignedInPage().catch(() => undefined);
    // Signing in or out in one tab is meant for all.
    const follow = ({ key }: StorageEvent) => {
      if (key === accountKey || key === null) setAccount(loadAccount(localStorage));
    };
    addEventListener("storage", follow);
    return () => removeEventListener("storage", follow);
  }, []);

  const change = useCallback((next: Account | undefined, ended: boolean) => {
    saveAccount(localStorage, next);
    setAccount(next);
    setEnded(ended);
  }, []);
  const end = useCallback(() => change(undefined, true), [change]);
  const enter = ({ accessToken, user }: SignedIn) => {
    change({ token: accessToken, username: user.username, nickname: user.nickname }, false);
  };
  const leave = (left: Account) => {
    // The token is forgotten here in any case; the server is told as a courtesy.
    signOut(baseUrl, left.token, AbortSignal.timeout(5_000)).catch(() => undefined);
    history.replaceState(null, "", location.pathname);
    change(undefined, false);
  };

  if (!account) return <SignInPage baseUrl={baseUrl} hasEnded={hasEnded} onSignedIn={enter} />;
  return (
    <Suspense fallback={<p className="history-note">{texts.app.loading}</p>}>
      <SignedInPage
        key={account.token}
        baseUrl={baseUrl}
        account={account}
        onSignOut={() => leave(account)}
        onEnded={end}
      />
    </Suspense>
  );
}
