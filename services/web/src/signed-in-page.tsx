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
  readonly onSignOut: () => void;
  /** Must stay the same function: another one opens the chat anew. */
  readonly onEnded: () => void;
};

/** Holds the chat of an account as long as it is on screen. */
export function SignedInPage({ baseUrl, account, onSignOut, onEnded }: Props) {
  const [model, setModel] = useState<ChatModel>();

  useEffect(() => {
    const opened = new ChatModel({ baseUrl, account, onSignedOut: onEnded });
    setModel(opened);
    return () => {
      opened.close().catch(() => undefined);
    };
  }, [baseUrl, account, onEnded]);

  return model && <ChatPage account={account} model={model} onSignOut={onSignOut} />;
}
