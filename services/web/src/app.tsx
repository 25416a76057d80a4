import type { SignedIn } from "@resonance/client";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import {
  type Account,
  accountKey,
  accountOf,
  forgetAccount,
  loadSignIn,
  saveAccount,
} from "./account.ts";
import { accountTokens, canRenew, endSignIn } from "./sign-in/account-tokens.ts";
import { SignInPage } from "./sign-in/sign-in-page.tsx";
import { useTexts } from "./texts/use-texts.tsx";

const loadSignedInPage = () => import("./signed-in-page.tsx");
const SignedInPage = lazy(async () => ({ default: (await loadSignedInPage()).SignedInPage }));

const baseUrl = location.origin;
const renewal = {
  baseUrl,
  storage: localStorage,
  locks: navigator.locks as LockManager | undefined,
};

/** Either the sign-in, or the page of whoever is signed in. */
export function App() {
  const texts = useTexts();
  const [{ account, hasEnded }, setSignIn] = useState(() => loadSignIn(localStorage));

  useEffect(() => {
    // The other part of the page comes while the password is being typed.
    loadSignedInPage().catch(() => undefined);
    // Signing in or out in one tab is meant for all.
    const follow = ({ key }: StorageEvent) => {
      if (key === accountKey || key === null) setSignIn(loadSignIn(localStorage));
    };
    addEventListener("storage", follow);
    return () => removeEventListener("storage", follow);
  }, []);

  const signInId = account?.signInId;
  const tokens = useMemo(() => accountTokens(renewal, signInId ?? ""), [signInId]);
  const end = useCallback(() => {
    // Another tab may have signed in again since.
    if (loadSignIn(localStorage).account?.signInId === signInId) forgetAccount(localStorage, true);
    setSignIn(loadSignIn(localStorage));
  }, [signInId]);
  const enter = (signedIn: SignedIn) => {
    saveAccount(localStorage, accountOf(signedIn));
    setSignIn(loadSignIn(localStorage));
  };
  const leave = ({ signInId }: Account) => {
    // As it stands now: another tab may have renewed it since it was drawn here.
    const { account: left } = loadSignIn(localStorage);
    forgetAccount(localStorage, false);
    history.replaceState(null, "", location.pathname);
    setSignIn({ hasEnded: false });
    if (left?.signInId !== signInId) return;
    // The tokens are forgotten here in any case; a server that is away cannot be told.
    endSignIn(renewal, left, AbortSignal.timeout(5_000)).catch(() => undefined);
  };

  if (!account) {
    const isRefreshable = canRenew(renewal);
    return <SignInPage {...{ baseUrl, isRefreshable, hasEnded }} onSignedIn={enter} />;
  }
  return (
    <Suspense fallback={<p className="history-note">{texts.app.loading}</p>}>
      <SignedInPage
        key={account.signInId}
        baseUrl={baseUrl}
        account={account}
        tokens={tokens}
        onSignOut={() => leave(account)}
        onEnded={end}
      />
    </Suspense>
  );
}
