import { answerIdOf, isSingleSessionId, withoutMention } from "@resonance/mq-proto";
import type { PushMessage } from "@resonance/mq-proto/gateway";
import type { BrainMessage } from "../brain/model-port.ts";
import { fence } from "../loop/fence.ts";
import type { Question } from "../question.ts";
import { shortenAnswer } from "./shorten-answer.ts";

/** What was said before, a question and what answers it at a time, oldest first. */
export type Exchange = readonly BrainMessage[];

// What these say is about the bot's work, not about the system.
const leftOut = /^\/(?:cancel|clear|runs|help|model)\b/i;

/**
 * The messages before a question as a brain reads them. Long tables and logs in the bot's own
 * answers are reduced to a line. In a group the others' messages are fenced: they are data.
 */
export function buildContext(
  before: readonly PushMessage[],
  question: Pick<Question, "sessionId" | "bot" | "from">,
): Exchange[] {
  const dropped = new Set<string>();
  const exchanges: BrainMessage[][] = [];
  for (const message of before) {
    if (message.type !== "text") continue;
    const text = withoutMention(message.content, question.bot);
    if (message.fromUsername === question.bot) {
      if (dropped.has(message.clientMsgId)) continue;
      const said = { role: "assistant", text: shortenAnswer(text), toolCalls: [] } as const;
      // An answer follows its question; a greeting that nobody asked for is nobody's context.
      exchanges.at(-1)?.push(said);
      continue;
    }
    if (leftOut.test(text)) {
      dropped.add(answerIdOf(message.msgId));
      continue;
    }
    exchanges.push([{ role: "user", text: personText(message, text, question) }]);
  }
  return exchanges;
}

function personText(
  { fromUsername }: PushMessage,
  text: string,
  question: Pick<Question, "sessionId" | "from">,
): string {
  if (isSingleSessionId(question.sessionId) || fromUsername === question.from) return text;
  return fence(`message-of:${fromUsername}`, "ok", text);
}
