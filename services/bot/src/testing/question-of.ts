import { parseMsgId, parseSessionId, parseUsername } from "@resonance/mq-proto";
import { languageOf } from "../language.ts";
import type { Question } from "../question.ts";

/** A question of alice to the bot, unless told. */
export function questionOf(
  text: string,
  more: Partial<Pick<Question, "earlier" | "askedUntilMs">> & { from?: string } = {},
): Question {
  const from = more.from ?? "alice";
  return {
    msgId: parseMsgId(1n),
    seqId: 2n,
    sessionId: parseSessionId(`single:${from}:ops-bot`),
    from: parseUsername(from),
    bot: parseUsername("ops-bot"),
    text,
    language: languageOf(text),
    askedUntilMs: more.askedUntilMs ?? Date.parse("2026-11-22T10:30:00.001Z"),
    earlier: more.earlier ?? [],
  };
}
