import type { ServiceName } from "@resonance/ops-mcp";
import { languageOf } from "../../language.ts";
import { takeEarlierRun } from "./earlier-run.ts";
import { takeFilters, takeKnownText } from "./filters.ts";
import { followUp } from "./follow-up.ts";
import { type Decision, decideIntent } from "./intents.ts";
import { takeLevel } from "./levels.ts";
import { takeLineLimit } from "./line-limit.ts";
import { takeMetric } from "./metric-words.ts";
import { restartTarget } from "./restart-target.ts";
import { restartTalk } from "./restart-words.ts";
import { servicesIn, takeService } from "./services.ts";
import { type Arguments, argumentsFor, type Understanding } from "./understanding.ts";
import { Utterance } from "./utterance.ts";
import { takeWindow } from "./windows.ts";
import { correctSpelling } from "./wording/spelling.ts";

/** What one text says by itself. */
export type Reading = Decision & {
  readonly args: Arguments;
  readonly text: string;
  /** Whether it orders a restart, of whatever. */
  readonly isRestartRequest: boolean;
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
  return { intent: resolved.intent, args, language, named: namedIn(reading.text, previous) };
}

function namedIn(text: string, previous: Understanding | null): readonly ServiceName[] {
  const named = servicesIn(text).map(({ name }) => name);
  return [...new Set([...(previous?.named ?? []), ...named].toReversed())].toReversed();
}

// "Hey bot, restart nats" names one service, and it is not the bot.
const address =
  /^\s*(?:(?:hey|hi|hello|ok|okay|yo|dear)[, ]+(?:ops[- ]?)?bot\b[,:!]?|@?ops-bot\b[,:]?|bot,|(?:(?:嗨|嘿|你好)[,， ]?)?机器人[,，])\s*(?=\S)/i;

// "Restart it, bot": neither does who is spoken to at the end, or right before "restart it".
const calledAtEnd =
  /(?<=(?:\bit|[,，])\s*)(?:ops-?bot|bot|机器人)[!！.。 ]*$|^\s*(?:ops-?)?bot(?= (?:please )?(?:re-?start|reboot|bounce) it\b)/i;
const restartWord = /重启|\b(?:re-?start|reboot|bounce)\b/i;

function withoutAddress(text: string): string {
  const rest = text.replace(address, "");
  return restartWord.test(rest) ? rest.replace(calledAtEnd, "") : rest;
}

function read(text: string): Reading {
  const utterance = new Utterance(withoutAddress(text));
  const typed = utterance.rest;
  // What is quoted goes first: it may hold any word. Services go late: 消息队列 is one, 队列 is not.
  const filters = takeFilters(utterance);
  const isEarlierRun = takeEarlierRun(utterance);
  utterance.correctSpelling();
  const whole = correctSpelling(typed);
  const asked = utterance.rest;
  const limit = takeLineLimit(utterance);
  const window = takeWindow(utterance);
  const restart = restartTalk(utterance, whole);
  const target = restart === "request" ? restartTarget(utterance.rest) : undefined;
  const taken = takeService(utterance);
  const service = restart === "request" ? target : taken;
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
  const decision = decideIntent({ rest: utterance.rest, asked, whole, args, restart });
  return { ...decision, args, text: whole, isRestartRequest: restart === "request" };
}
