import type { ServiceName } from "@resonance/ops-mcp";
import { languageOf } from "../../language.ts";
import { besideAnswerForm } from "./answer-form.ts";
import { endClockIn } from "./clocks.ts";
import { takeEarlierRun } from "./earlier-run.ts";
import { takeFilters, takeKnownText } from "./filters.ts";
import { followUp } from "./follow-up.ts";
import { type Decision, decideIntent } from "./intents.ts";
import { takeLevel } from "./levels.ts";
import { takeLineLimit } from "./line-limit.ts";
import { takeMetric } from "./metric-words.ts";
import { takePastedLine } from "./pasted-lines.ts";
import { type Order, orderIn } from "./restart-order.ts";
import { restartTalk } from "./restart-talk.ts";
import { servicesIn, takeService } from "./services.ts";
import { besideSetAside } from "./set-aside.ts";
import { type Arguments, argumentsFor, type Understanding } from "./understanding.ts";
import { Utterance } from "./utterance.ts";
import { dayEndIn, takeWindow } from "./windows.ts";
import { correctSpelling } from "./wording/spelling.ts";

/** What one text says by itself. */
export type Reading = Decision & {
  readonly args: Arguments;
  readonly text: string;
  /** What of the text no argument was made of. */
  readonly rest: string;
  /** Whether it orders a restart of what was spoken of before. */
  readonly ordersIt: boolean;
};

/**
 * Understands what somebody asks, by rules alone. `previous` is what the same person's last
 * question was understood as: a follow-up takes over what it does not say itself. Pure.
 */
export function understand(text: string, previous: Understanding | null): Understanding {
  const reading = read(text);
  const language = languageOf(text);
  const resolved = previous === null ? reading : followUp(reading, previous);
  const args = argumentsFor(resolved.intent, resolved.args);
  const until = untilOf(args, reading, previous);
  return {
    intent: resolved.intent,
    args,
    language,
    named: namedIn(reading.text, previous),
    ...(until === undefined ? {} : { until }),
  };
}

/** A window that is taken over ends where it did. */
function untilOf(resolved: Arguments, { args, text }: Reading, previous: Understanding | null) {
  if (resolved.sinceClock !== undefined) {
    return args.sinceClock === undefined ? previous?.until : endClockIn(text);
  }
  if (resolved.day === undefined) return undefined;
  return args.day === undefined ? previous?.until : dayEndIn(text, resolved.day);
}

function namedIn(text: string, previous: Understanding | null): readonly ServiceName[] {
  const named = servicesIn(text).map(({ name }) => name);
  return [...new Set([...(previous?.named ?? []), ...named].toReversed())].toReversed();
}

// "Hey bot, restart nats" names one service, and it is not the bot.
const address =
  /^\s*(?:(?:hey|hi|hello|ok|okay|yo|dear)[, ]+(?:ops[- ]?)?bot\b[,:!]?|@?ops-bot\b[,:]?|bot,|(?:(?:嗨|嘿|你好)[,， ]?)?机器人[,，])\s*(?=\S)/i;

function read(text: string): Reading {
  const spelt = correctSpelling(new Utterance(text).rest);
  const order = orderIn(spelt);
  return order ? readOrder(order, spelt) : readQuestion(text);
}

function readOrder({ of }: Order, text: string): Reading {
  if (of === "it" || of === "several") {
    // Which one, is for the person to say.
    return { intent: "unknown", isWeak: false, args: {}, text, rest: text, ordersIt: of === "it" };
  }
  const intent = "restart_service";
  return { intent, isWeak: false, args: { service: of }, text, rest: text, ordersIt: false };
}

function readQuestion(text: string): Reading {
  const utterance = new Utterance(besideAnswerForm(besideSetAside(text.replace(address, ""))));
  // Somebody else's words: no rule reads them as the asker's.
  const pasted = takePastedLine(utterance);
  const typed = utterance.rest;
  // What is quoted goes first: it may hold any word. Services go late: 消息队列 is one, 队列 is not.
  const filters = {
    ...takeFilters(utterance),
    ...(pasted === undefined ? {} : { include: pasted }),
  };
  const isEarlierRun = takeEarlierRun(utterance);
  utterance.correctSpelling();
  const whole = correctSpelling(typed);
  const asked = utterance.rest;
  const limit = takeLineLimit(utterance);
  const window = takeWindow(utterance);
  const restart = restartTalk(utterance.rest, whole);
  const service = takeService(utterance);
  const measured = takeMetric(utterance, window.compareTo !== undefined);
  const level = takeLevel(utterance);
  const gathered: Arguments = {
    ...filters,
    ...window,
    ...measured,
    ...(restart === "count" && measured.metric === undefined ? { metric: "restarts" } : {}),
    ...(service === undefined ? {} : { service }),
    ...(level === undefined ? {} : { level }),
    ...(limit === undefined ? {} : { limit }),
    ...(isEarlierRun ? { previous: true } : {}),
  };
  const known = filters.include === undefined ? takeKnownText(utterance) : undefined;
  const args = known === undefined ? gathered : { ...gathered, include: known };
  const isPasted = pasted !== undefined;
  const decision = decideIntent({ rest: utterance.rest, asked, whole, args, restart, isPasted });
  return { ...decision, args, text: whole, rest: utterance.rest, ordersIt: false };
}
