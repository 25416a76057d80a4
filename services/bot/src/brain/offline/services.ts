import { editDistance, type ServiceName, serviceNames, toleratedErrors } from "@resonance/ops-mcp";
import type { Utterance } from "./utterance.ts";

// Words of ordinary sentences that are one letter away from the name of a service.
const ordinary = new Set(
  "gat get mys nat ats tas ask login logins topic magic basic logs logo tonic ask asks mask last fast taste test tests that what cats gates gate rates getaway push tasks task's bots date dates data base databases".split(
    " ",
  ),
);

// Longest first: "message queue" before "mq", "逻辑服务" before "逻辑".
const aliases = Object.entries(serviceNames)
  .flatMap(([name, words]) =>
    // The keys of the table are the names of the services.
    words.map((alias) => ({ name: name as ServiceName, alias })),
  )
  .sort((one, other) => other.alias.length - one.alias.length);

// Nobody who says "push" or 推送 as a verb, or "bot" for the one who is spoken to, names a service.
const noName =
  /推送(?:了|给|到|过)|消息推送失败|任务(?:栏|是|计划|清单)|\bpush (?:the|it|to|my)\b|\bdb design\b/i;

// "不是 gateway，是 logic": of the two it is the other one.
const putRight =
  /(?:不是|并非)\s*[\w-]{2,8}\s*[,，、 ]?\s*(?=而?是)|^(?:no,? |sorry,? |oops,? )*not (?:the )?[\w-]{3,8}(?: (?:but|i meant?)\b|,)(?= )/i;

// "别管 gateway 了，看 logic 的日志", "forget logic, what about task": what is left is another one.
const dismissed =
  /(?:别管|不管|先不管|先别管|不看|先不看|不用看|别看|忘掉|忘了|抛开|撇开)\s*([\w-]{2,8}|\p{Script=Han}{2,4}?)\s*(?:了|吧|先)*[,，。;；]|(?:^|[,，。;；])\s*([\w-]{2,8}|\p{Script=Han}{2,4}?)\s*(?:就|先|那边)*(?:放(?:一放|一边|着)|不管|不看|别管|不查|别看)了?[,，。;；]|\b(?:forget(?: about)?|never ?mind|leave|skip|ignore|not|enough (?:of|about)) (?:the )?([\w-]{2,8})(?: (?:for now|alone|then|now))*\s*[,.;]/iu;

/** Takes the first service that is named, misspelt or not. */
export function takeService(utterance: Utterance): ServiceName | undefined {
  utterance.take(putRight);
  utterance.takeIf(dismissed, ([all, ...words]) => {
    const others = utterance.rest.replace(all, " ");
    const isOne = serviceOfWord(words.find(Boolean) ?? "") !== undefined;
    return isOne && servicesIn(others).length > 0 ? all : undefined;
  });
  const named = aliases
    .map(({ name, alias }) => ({ name, found: patternOf(alias).exec(utterance.rest) }))
    .filter(({ found }) => found !== null)
    .sort((one, other) => (one.found?.index ?? 0) - (other.found?.index ?? 0))[0];
  if (named?.found && !noName.test(utterance.rest)) {
    utterance.take(
      new RegExp(
        `${escapePattern(named.found[0])}(?:[-\\s]?services?\\b|\\s*服务(?!器|列表))?`,
        "i",
      ),
    );
    return named.name;
  }
  return utterance.takeIf(/[a-z][a-z-]{2,}/i, ([word]) => misspelt(word.toLowerCase()));
}

export type NamedService = {
  readonly name: ServiceName;
  readonly start: number;
  readonly end: number;
};

/** Every service that a text names, misspelt or not, in order. */
export function servicesIn(text: string): NamedService[] {
  const found: NamedService[] = [];
  const isTaken = (start: number) => found.some((one) => start >= one.start && start < one.end);
  for (const { name, alias } of aliases) {
    for (const match of text.matchAll(new RegExp(patternOf(alias), "gi"))) {
      if (isTaken(match.index)) continue;
      found.push({ name, start: match.index, end: match.index + match[0].length });
    }
  }
  for (const match of text.matchAll(/[a-z][a-z-]{2,}/gi)) {
    const name = isTaken(match.index) ? undefined : misspelt(match[0].toLowerCase());
    if (name) found.push({ name, start: match.index, end: match.index + match[0].length });
  }
  return found.sort((one, other) => one.start - other.start);
}

/** The service that a single word names, if it does. */
export function serviceOfWord(word: string): ServiceName | undefined {
  const wanted = word.toLowerCase();
  return aliases.find(({ alias }) => alias === wanted)?.name ?? misspelt(wanted);
}

function misspelt(word: string): ServiceName | undefined {
  if (word.length < 3 || ordinary.has(word)) return undefined;
  // "Bott": of a short name the last letter may be typed twice.
  const doubled = aliases.find(({ alias }) => word === alias + alias.at(-1));
  if (doubled) return doubled.name;
  const swapped = aliases.find(({ alias }) => isSwapped(word, alias));
  if (swapped) return swapped.name;
  const close = aliases
    .filter(({ alias }) => /^[a-z]+$/.test(alias) && alias !== "push" && alias !== "jetstream")
    .map(({ name, alias }) => ({ name, alias, distance: editDistance(word, alias) }))
    .filter(({ alias, distance }) => distance <= toleratedErrors(alias) && isSlip(word, alias))
    .sort((one, other) => one.distance - other.distance)[0];
  return close?.name;
}

/** "Bto", "puhs": of these only swapped letters are slips. */
function isSwapped(word: string, alias: string): boolean {
  return (
    /^(?:bot|push)$/.test(alias) &&
    word !== alias &&
    word[0] === alias[0] &&
    [...word].sort().join("") === [...alias].sort().join("")
  );
}

/** Short names are near to other words: only dropped, doubled and swapped letters are slips. */
function isSlip(word: string, alias: string): boolean {
  if (word[0] !== alias[0] || (word.length < 4 && alias.length !== 4)) return false;
  if (alias.length > 4) return true;
  if (word.length > alias.length) return /(.)\1/.test(word);
  return word.length < alias.length || [...word].sort().join("") === [...alias].sort().join("");
}

function patternOf(alias: string): RegExp {
  const isLatin = /^[\x20-\x7e]+$/.test(alias);
  return isLatin
    ? new RegExp(`(?<![a-z0-9_-])${escapePattern(alias)}(?![a-z0-9_])`, "i")
    : new RegExp(alias);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
