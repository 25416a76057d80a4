import {
  type BotEvent,
  isReservedUsername,
  type MsgId,
  parseMsgId,
  parseSessionId,
  parseUsername,
  type SessionId,
  type Username,
  withoutMention,
} from "@resonance/mq-proto";
import { type Language, languageOf } from "./language.ts";

/** What somebody asked a bot. */
export type Question = {
  readonly msgId: MsgId;
  /** 0 in an event of a publisher that does not know it. */
  readonly seqId: bigint;
  readonly sessionId: SessionId;
  readonly from: Username;
  /** Which bot is asked. */
  readonly bot: Username;
  /** Without the mention that called the bot in a group. */
  readonly text: string;
  readonly language: Language;
  /** The end, excluded, of a window that reaches up to the question and includes it. */
  readonly askedUntilMs: number;
  /** What the same person asked in this session before, oldest first, commands left out. */
  readonly earlier: readonly EarlierQuestion[];
};

export type EarlierQuestion = { readonly text: string; readonly askedAtMs: number };

/** @throws TypeError for an event whose ids cannot be of a stored message. */
export function parseQuestion(event: BotEvent): Question {
  const msgId = parseMsgId(event.msgId);
  const bot = parseUsername(event.botUsername || "ops-bot");
  const text = withoutMention(event.content, bot);
  return {
    msgId,
    seqId: event.seqId,
    sessionId: parseSessionId(event.sessionId),
    from: parseUsername(event.fromUsername),
    bot,
    text,
    language: languageOf(text),
    // The id holds the millisecond in which Logic stored the question.
    askedUntilMs: Number(msgId >> 22n) + 1,
    earlier: [],
  };
}

/**
 * Whether the bot `me` answers: not itself, not another bot and not the system, or two bots in one
 * room would go on for ever; and not what another bot was asked.
 */
export function shouldAnswer(me: Username, question: Question, messageType: string): boolean {
  if (question.bot !== me || question.from === me) return false;
  return !isReservedUsername(question.from) && (messageType === "" || messageType === "text");
}
