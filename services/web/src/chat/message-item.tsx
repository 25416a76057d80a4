import { memo } from "react";
import { clock, fullTime } from "../format-time.ts";
import { CheckIcon } from "../icons.tsx";
import { MessageContent } from "../message/message-content.tsx";
import { systemText } from "../message/system-text.ts";
import { failureText, useTexts } from "../texts/use-texts.tsx";
import { Avatar } from "./avatar.tsx";
import type { MessageRow } from "./message-rows.ts";
import { useNow } from "./use-now.ts";

type Props = {
  readonly row: Extract<MessageRow, { kind: "stored" | "pending" }>;
  readonly sender: string;
  readonly senderName: string;
  readonly isOwn: boolean;
  readonly onSendAgain: (clientMsgId: string) => void;
  readonly onDiscard: (clientMsgId: string) => void;
  /** Present on the card of a proposal that waits for a decision. */
  readonly onDecide?: ((verdict: "approve" | "reject") => void) | undefined;
};

/** One message with its sender, its time, and for own ones what became of it. */
export const MessageItem = memo(function MessageItem(props: Props) {
  const { row, sender, senderName, isOwn } = props;
  const texts = useTexts();
  const time = (
    <time dateTime={new Date(row.atMs).toISOString()} title={fullTime(row.atMs, texts)}>
      {clock(row.atMs, texts)}
    </time>
  );
  if (row.kind === "stored" && row.message.type === "system") {
    return (
      <p className="notice" data-testid="message" data-seq={row.message.seqId} data-from={sender}>
        {systemText(row.message.content, texts)} {time}
      </p>
    );
  }
  const seq = row.kind === "stored" ? row.message.seqId.toString() : "";
  return (
    <article
      className="message"
      data-testid="message"
      data-seq={seq}
      data-from={sender}
      data-own={isOwn}
      data-continues={row.continues}
      aria-label={`${senderName}, ${fullTime(row.atMs, texts)}`}
    >
      {!row.continues && (
        <header>
          <Avatar username={sender} name={isOwn ? sender : senderName} />
          <span className="message-sender">{senderName}</span>
          {time}
        </header>
      )}
      <div className="message-body">
        <MessageContent content={row.message.content} />
        {isOwn && <SendState row={row} />}
        {props.onDecide && <Decision onDecide={props.onDecide} />}
      </div>
      {row.kind === "pending" && row.message.state === "failed" && <Failure {...props} row={row} />}
    </article>
  );
});

/** What a button says is a command in the chat: it stands there for everybody to see. */
function Decision({ onDecide }: { onDecide: NonNullable<Props["onDecide"]> }) {
  const { messages } = useTexts();
  return (
    <p className="decision" data-testid="decision">
      <button type="button" data-testid="approve" onClick={() => onDecide("approve")}>
        {messages.approve}
      </button>
      <button type="button" data-testid="reject" onClick={() => onDecide("reject")}>
        {messages.reject}
      </button>
    </p>
  );
}

function SendState({ row }: Pick<Props, "row">) {
  const { messages } = useTexts();
  if (row.kind === "stored" || row.message.state === "sent") {
    return (
      <span className="send-state" data-state="sent" title={messages.sent}>
        <CheckIcon />
        <span className="visually-hidden">{messages.sent}</span>
      </span>
    );
  }
  if (row.message.state === "failed") return null;
  return (
    <span className="send-state" data-state="sending">
      <Sending sinceMs={row.atMs} />
    </span>
  );
}

const usualMs = 8_000;

/** Nothing is lost by then, but it is with this page alone. */
function Sending({ sinceMs }: { sinceMs: number }) {
  const { messages } = useTexts();
  const nowMs = useNow(1_000);
  return nowMs - sinceMs > usualMs ? messages.waiting : messages.sending;
}

function Failure({
  row,
  onSendAgain,
  onDiscard,
}: Props & { row: Extract<MessageRow, { kind: "pending" }> }) {
  const texts = useTexts();
  const { clientMsgId, error } = row.message;
  return (
    <p className="send-failure" role="alert" data-testid="error">
      <span>
        {texts.messages.failed} {failureText(texts, error)}
      </span>
      <button type="button" data-testid="send-again" onClick={() => onSendAgain(clientMsgId)}>
        {texts.messages.sendAgain}
      </button>
      <button type="button" onClick={() => onDiscard(clientMsgId)}>
        {texts.messages.discard}
      </button>
    </p>
  );
}
