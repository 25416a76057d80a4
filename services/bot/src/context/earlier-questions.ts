import { commandOf, isSingleSessionId, storedAtMs, withoutMention } from "@resonance/mq-proto";
import type { PushMessage } from "@resonance/mq-proto/gateway";
import type { EarlierQuestion, Question } from "../question.ts";

/** What the asker of a question asked the bot before, commands left out, oldest first. */
export function earlierQuestions(
  before: readonly PushMessage[],
  { from, bot, sessionId }: Pick<Question, "from" | "bot" | "sessionId">,
): EarlierQuestion[] {
  return before.flatMap(({ fromUsername, content, msgId }) => {
    if (fromUsername !== from) return [];
    const text = withoutMention(content, bot);
    if (commandOf(text) !== "") return [];
    // In a group only what mentions the bot was asked of it.
    if (!isSingleSessionId(sessionId) && text === content.trim()) return [];
    return [{ text, askedAtMs: storedAtMs(msgId) }];
  });
}
