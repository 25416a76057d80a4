import type { Clause, Kind } from "./restart-tokens.ts";

const thing = "(service|bot)";
const named = `the? noun? ${thing} (of? (noun|part)|it)? (the? ${thing} noun?)?`;
const object = `(${named} (and ${named})*|it|all)`;
/** What may stand before the verb, in any order; `isMeant` says what some of it needs. */
const before =
  "(greeting|agree|wellThen|next|so|you|ask|could|may|polite|assist|effort|forMe|wish|we|hurry|quick|swift|now|urgent|first|more|suggest|perhaps|manner|only|adjective|make|serve|a|whenFree)*";
const after =
  "(soft|once|ba|particle|polite|forMe|hurry|quick|now|urgent|standing|again|so|next|thanks|tryIt|when|whenFree|purpose|only|instead|enough|ma|okay)*";

const orders = {
  /** "Please restart the task service", 「麻烦重启一下 task 服务」 */
  plain: rule(`${before} needs? verb (soft|once|ba|off)* ${object}? ${after}`),
  /** 「把 gateway 重启了吧」 */
  taking: rule(`${before} take ${object} ${before} to? verb (soft|once|off|le)? ${after}`),
  /** 「消息队列给我重启了」 */
  forMe: rule(`${object} ${before} forMe verb le ${after}`),
  /** "Give nats a restart", 「给网关来个重启」 */
  giving: rule(`${before} (to|give) ${object} ${before} once? verb ${after}`),
  /** "Do a rolling restart of gateway", "quick restart of logic please" */
  making: rule(`${before} verb of ${object} ${after}`),
  /** "Get logic restarted" */
  having: rule(`${before} (get|askGet|want) ${object} done ${after}`),
  wanting: rule(`${before} (want|askGet) ${before} verb of ${object} ${after}`),
  /** "Would you mind restarting logic" */
  doing: rule(
    `${before} (mind|askMind) ((doing|verb soft*) ${object}?|a? adjective* verb of ${object}) ${after}`,
  ),
  /** 「麻烦处理一下 mysql 的重启」 */
  handling: rule(`${before} (make|assist) soft* ${object} of? verb ${after}`),
  /** "Logic restart please", 「logic 重启一下」 */
  objectFirst: rule(`${object} ${before} verb ${after}`),
};
type Shape = keyof typeof orders;

const asides = {
  before: rule(
    "(greeting|agree|heard|gaveUp|wellThen|next|so|bot|polite|effort|hurry|now|urgent|swear|standing|thanks|ba|particle|first|make|when|whenFree)+ colon?",
  ),
  after: rule(
    "(polite|forMe|effort|hurry|quick|swift|now|urgent|swear|standing|thanks|particle|bot|when|whenFree|purpose|make|assist|soft|tryIt)+",
  ),
};
const reason = rule(
  "(who|service|bot|it|noun|part|the|of|bad|said|failed|unmended|degree|still|suggest|now|le|particle|so|and|because|swear|again|rise? figure|(prints|get) quote)+",
);
const news = rule("((the? service of?)? news particle?)+");
/** "Hands off gateway", 「gateway 先别动」, "nothing else": what is to stay as it is. */
const spared = `(${object}|the? rest)`;
const spare = rule(
  `(polite|first|only|so)* (spare ${spared}|handsOff ${spared} alone?|${spared} degree? first? spare|nothing) (le|particle|ba)* instead?`,
);
/** The same before its order in one clause, where the order is not spared as well. */
const spareAnd = rule(`(handsOff ${spared} alone|handsOff ${spared}) and`);
const pressed = rule(`${before} verb ${object} (now|hurry|urgent)+`);
const restartNow = rule("polite? verb (now|polite)+");
const need = rule(
  `${object} (degree|now)* (needs (a? adjective* verb|doing|done)|needs verb) (soft|le|ba)*`,
);
const doIt = rule(
  "(polite|forMe|now|hurry|first|you|so)* (urgent|make|assist) (soft|ba|particle|it|polite|thanks)*",
);
const bare = rule(`${object} verb (now|again|urgent|so|next|ma|particle)*`);
const topic = rule("(wellThen|next|namely)? the? service noun? particle*");

/** A rule over kinds of words, in which a name stands for one word of that kind. */
function rule(pattern: string): RegExp {
  const source = pattern
    .replace(/[a-z]+/gi, "(?:$&~)")
    .replace(/\s+/g, "")
    .replaceAll("~", " ");
  return new RegExp(`^(?:${source})$`);
}

function fits(pattern: RegExp, clause: Clause): boolean {
  return pattern.test(clause.map(({ kind }) => `${kind} `).join(""));
}

/** What a clause is beside an order: a reason, a topic, a need, or nothing that counts. */
export function isReason(clause: Clause): boolean {
  if (!fits(reason, clause)) return false;
  // "Memory at 90%" may be a condition, "memory is at 90%" is none.
  const isFigure = has(clause, "figure") && has(clause, "le", "degree");
  return isFigure || has(clause, "bad", "said", "failed", "unmended", "quote");
}

/** Whether a clause tells of what was done, such as a release, that a restart follows. */
export function isNews(clause: Clause): boolean {
  return fits(news, clause);
}

/** Whether a clause says what is to be left as it is. */
export function isSpare(clause: Clause): boolean {
  return fits(spare, clause);
}

/** Whether the beginning of a clause says so, and an order may follow in it. */
export function isSpareAnd(begun: Clause): boolean {
  return fits(spareAnd, begun);
}

/** "Restart gateway right now": of something that came of it nobody speaks like this. */
export function isPressed(clause: Clause): boolean {
  return fits(pressed, clause);
}

export function isRestartNow(clause: Clause): boolean {
  return fits(restartNow, clause);
}

export function isNeed(clause: Clause): boolean {
  return fits(need, clause);
}

/** "Please do it", behind a need. */
export function isDoIt(clause: Clause): boolean {
  return fits(doIt, clause);
}

export function isTopic(clause: Clause): boolean {
  return fits(topic, clause);
}

export function isAsideBefore(clause: Clause): boolean {
  return fits(asides.before, clause);
}

export function isAsideAfter(clause: Clause): boolean {
  return fits(asides.after, clause);
}

export function has(clause: Clause, ...kinds: readonly Kind[]): boolean {
  return clause.some(({ kind }) => kinds.includes(kind));
}

/**
 * What the other clauses are: polite, or such that "restarting it will do" settles the matter, for
 * they say that something else is to be left.
 */
export type Beside = { readonly isPolite: boolean; readonly isSettled: boolean };

/** Whether a clause is an order to restart by itself. */
export function isOrder(clause: Clause, beside: Beside): boolean {
  if (namesSeveral(clause) && !has(clause, "and")) return false;
  return (Object.keys(orders) as Shape[]).some(
    (shape) => fits(orders[shape], clause) && isMeant(clause, shape, beside),
  );
}

function namesSeveral(clause: Clause): boolean {
  return new Set(clause.flatMap(({ service }) => service ?? [])).size > 1;
}

/** Whether something in an order says that it is one, beside the verb. */
export function isMarked(clause: Clause): boolean {
  const others = ["ba", "wish", "want", "make", "manner", "wellThen"] as const;
  return has(clause, ...pleading, ...softening, ...asking, ...others);
}

const pleading = ["polite", "forMe", "thanks", "effort"] as const;
const softening = ["soft", "hurry", "quick", "swift", "serve"] as const;
const asking = ["ask", "askGet", "askMind", "could"] as const;
/** What makes news of "gateway restart": 「gateway 马上重启」, "gateway restart again". */
const telling =
  "the it again wellThen next so you ask could may wish we now first suggest manner adjective make assist a once standing particle only instead enough whenFree";

/** What some words need beside them to be those of an order. */
function isMeant(clause: Clause, shape: Shape, { isPolite, isSettled }: Beside): boolean {
  const pleads = isPolite || has(clause, ...pleading);
  const softens = pleads || shape === "taking" || has(clause, ...softening);
  const asks = has(clause, "ma", "okay");
  const asksPolitely =
    has(clause, ...asking) ||
    (softens && has(clause, "may", "okay")) ||
    (has(clause, "may") && has(clause, "you"));
  const tells = clause.some(({ kind }) => telling.split(" ").includes(kind));
  const needs: readonly [boolean, boolean][] = [
    // 「重启 logic 吗」 asks whether, 「能重启 logic 吗」 and 「能不能重启」 whether one can.
    [asks, asksPolitely],
    [has(clause, "may"), pleads || (asks && (softens || has(clause, "now", "you")))],
    [has(clause, "could"), softens || hasObject(clause)],
    // "You restart it", 「你再重启试试」: news, or a threat.
    [has(clause, "you"), (softens || asks || has(clause, "ba")) && !has(clause, "tryIt")],
    [has(clause, "le"), !has(clause, "effort", "you") || has(clause, "ba")],
    // 「咱们重启吧」, but not 「我们重启 logic」.
    [has(clause, "we"), has(clause, "ba")],
    [has(clause, "suggest"), has(clause, "ba", "soft")],
    [has(clause, "perhaps"), has(clause, "soft")],
    [has(clause, "effort"), has(clause, "soft", "ba")],
    [has(clause, "more"), pleads || has(clause, "soft", "once", "ba")],
    [shape === "plain" && has(clause, "needs"), pleads],
    [shape === "plain" && has(clause, "adjective", "a"), pleads || hasObject(clause)],
    [shape === "making", pleads || has(clause, "make", "serve", "ask", "askMind")],
    [shape === "handling", pleads],
    // 「重启 logic 就行」 says that it would do.
    [has(clause, "enough"), pleads || isSettled],
    [has(clause, "purpose"), shape !== "objectFirst" || softens],
    [shape === "objectFirst" && tells, softens || has(clause, "ba", "more", "tryIt")],
  ];
  return needs.every(([isThere, isMet]) => !isThere || isMet);
}

/** "Gateway restart" is an order only if nothing else is said: it may be news. */
export function isBare(clause: Clause): boolean {
  return fits(bare, clause);
}

export function hasObject(clause: Clause): boolean {
  return has(clause, "service", "bot", "it", "all");
}
