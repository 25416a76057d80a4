import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { MessageItem } from "./message-item.tsx";

function pendingSince(createdAtMs: number): string {
  const message = { clientMsgId: "a", content: "hello", createdAtMs, state: "sending" } as const;
  const row = { kind: "pending", key: "a", message, atMs: createdAtMs, continues: false } as const;
  const ignore = () => undefined;
  return renderToStaticMarkup(
    <MessageItem
      row={row}
      sender="alice"
      senderName="You"
      isOwn={true}
      onSendAgain={ignore}
      onDiscard={ignore}
    />,
  );
}

test("a message that the server has not confirmed for long says what is waited for", () => {
  expect(pendingSince(Date.now())).toContain("Sending…");
  expect(pendingSince(Date.now() - 10_000)).toContain("Waiting for the server");
});
