import {
  type BotEvent,
  commandOf,
  isReservedUsername,
  type MsgId,
  parseMsgId,
  parseSessionId,
  parseUsername,
  type SessionId,
  storedAtMs,
  type Username,
  withoutMention,
} from "@resonance/mq-proto";
import { type Language, languageOf } from "./language.ts";
import type { Run } from "./runs/run.ts";

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

/** The question that a run is about, in the run's language. */
export function questionOfRun(
  run: Run,
  content: string,
  earlier: readonly EarlierQuestion[],
): Question {
  const { msgId, seqId, sessionId, requester, bot, language } = run;
  return {
    msgId,
    seqId,
    sessionId,
    from: requester,
    bot,
    text: withoutMention(content, bot),
    language,
    // To the end of the millisecond.
    askedUntilMs: storedAtMs(msgId) + 1,
    earlier,
  };
}

/**
 * The run that an event asks of the bot `me`, or undefined for what it does not answer: itself,
 * another bot and the system, or two bots in one room would go on for ever; and what another bot
 * was asked.
 *
 * @throws TypeError for an event whose ids cannot be of a stored message
 */
export function runOfEvent(me: Username, event: BotEvent): Run | undefined {
  const bot = parseUsername(event.botUsername || "ops-bot");
  const requester = parseUsername(event.fromUsername);
  const text = withoutMention(event.content, bot);
  const run: Run = {
    msgId: parseMsgId(event.msgId),
    bot,
    sessionId: parseSessionId(event.sessionId),
    seqId: event.seqId,
    requester,
    language: languageOf(text),
    command: commandOf(text),
  };
  const isText = event.messageType === "" || event.messageType === "text";
  return bot === me && isText && mayAsk(me, requester) ? run : undefined;
}

/** Whether a bot answers this sender. */
export function mayAsk(me: Username, sender: Username): boolean {
  return sender !== me && !isReservedUsername(sender);
}
