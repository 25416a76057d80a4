import type { TokenSource } from "@resonance/client";
import { useEffect, useState } from "react";
import type { Account } from "./account.ts";
import { ChatPage } from "./chat/chat-page.tsx";
import { ChatModel } from "./state/chat-model.ts";
import "./styles/chat.css";
import "./styles/messages.css";
import "./styles/composer.css";
import "./styles/markdown.css";
import "./styles/dialog.css";

type Props = {
  readonly baseUrl: string;
  readonly account: Account;
  /** Must stay the same, as `onEnded` must: another one opens the chat anew. */
  readonly tokens: TokenSource;
  readonly onSignOut: () => void;
  readonly onEnded: () => void;
};

/** Holds the chat of an account as long as it is on screen. */
export function SignedInPage({ baseUrl, account, tokens, onSignOut, onEnded }: Props) {
  const { username } = account;
  const [model, setModel] = useState<ChatModel>();

  useEffect(() => {
    const opened = new ChatModel({ baseUrl, username, tokens, onSignedOut: onEnded });
    setModel(opened);
    return () => {
      opened.close().catch(() => undefined);
    };
  }, [baseUrl, username, tokens, onEnded]);

  return model && <ChatPage account={account} model={model} onSignOut={onSignOut} />;
}
