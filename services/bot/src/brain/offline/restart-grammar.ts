import { accordingTo } from "./restart-permission.ts";
import { fits, has, rule } from "./restart-rule.ts";
import type { Clause, Kind } from "./restart-tokens.ts";

const thing = "(service|bot)";
const named = `the? noun? ${thing} (of? (noun|part)|it)? place? (the? ${thing} noun?)?`;
const object = `(${named} (and only? ${named})*|it place?|all)`;
/** What may stand before the verb, in any order; `isMeant` says what some of it needs. */
const early =
  "(greeting|title|there|but|agree|wellThen|next|so|you|ask|askYou|willYou|someone|could|may|polite|assist|effort|forMe|wish|we|hurry|quick|swift|now|urgent|first|more|along|suggest|perhaps|manner|each|only|adjective|make|serve|a|whenFree)*";
const before = `${early} (${accordingTo} ${early})?`;
const late =
  "(soft|once|off|ba|particle|oh|polite|forMe|hurry|quick|now|urgent|standing|again|so|next|thanks|title|each|tryIt|when|whenFree|purpose|only|justOne|instead|enough|askYou|ma|okay)*";
const after = `${late} (${accordingTo} ${late})?`;

const orders = {
  /** "Please restart the task service", 「麻烦重启一下 task 服务」 */
  plain: rule(
    `meant? ${before} to? needs? verb (soft|once|ba|off)* (only|manner)? ${object}? ${after}`,
  ),
  /** 「把 gateway 重启了吧」 */
  taking: rule(`${before} take ${object} ${before} to? verb (soft|once|off|le)? ${after}`),
  /** 「gateway 给它重启一下」 */
  takingUp: rule(
    `${object} ${early} (to|take|give) it ${before} once? verb (soft|once|off)* ${after}`,
  ),
  /** 「消息队列给我重启了」 */
  forMe: rule(`${object} ${before} forMe verb le ${after}`),
  /** "Give nats a restart", 「给网关来个重启」 */
  giving: rule(`${before} (to|give) ${object} ${before} once? verb assist? ${after}`),
  /** "Do a rolling restart of gateway", "quick restart of logic please" */
  making: rule(`${before} (make the)? verb of ${object} ${after}`),
  /** "Trigger a gateway restart", 「执行 mysql 重启」 */
  makingNamed: rule(
    `${before} (make|serve|want|askGet) (soft|a|adjective)* ${object} verb ${after}`,
  ),
  /** "Turn task off and on again" */
  turning: rule(`${before} turn ${object} offAndOn ${after}`),
  /** "Get logic restarted" */
  having: rule(`${before} (get|have|askGet|want) ${object} done ${after}`),
  wanting: rule(`${before} (want|askGet) ${before} verb of ${object} ${after}`),
  /** "Would you mind restarting logic" */
  doing: rule(
    `${before} (mind|askMind) ((doing|verb soft*) ${object}?|a? adjective* verb of ${object}|giving ${object} (a|adjective)* verb) ${after}`,
  ),
  /** 「麻烦处理一下 mysql 的重启」 */
  handling: rule(`${before} ((make|assist) soft*|serve) ${object} of? verb ${after}`),
  /** "Logic restart please", 「logic 重启一下」 */
  objectFirst: rule(`${object} ${before} to? verb ${after}`),
  /** 「网关先给重启了吧」 */
  objectFirstDone: rule(
    `${object} ${early} (first|hurry|swift|manner) ${early} to verb off? le ba ${after}`,
  ),
  /** "If you could restart task that would be great" */
  /** "Gateway needs a restart please" */
  needing: rule(`${object} now* needs (a? adjective* verb|doing|done) ${after}`),
  wouldBe: rule(`${early} ifYouCould ${early} verb soft* ${object} ${late} great? ${late}`),
};
type Shape = keyof typeof orders;

const light =
  "greeting|title|but|agree|wellThen|next|so|polite|effort|hurry|now|urgent|swear|thanks|particle|oh|first";
const asides = {
  before: rule(
    `(${light})* standing (${light})* colon?|(gaveUp|slip|ba|make|when|whenFree|askLater|bot|heard|${light})+ colon?|(may|to) (le|of|ba|particle|oh)*|greeting* there ma?`,
  ),
  after: rule(
    "((polite|forMe|effort|hurry|quick|swift|now|urgent|swear|standing|thanks|title|great|askLater|particle|bot|when|whenFree|purpose|make|assist|soft|ba|tryIt)+|(askYou|willYou) polite* ma?)",
  ),
};
const reason = rule(
  "(who|folk|all|service|bot|it|noun|part|the|of|bad|said|failed|unmended|degree|hedge|be|along|place|lasting|still|suggest|now|le|particle|so|and|because|swear|again|rise? figure|(prints|giving|get) quote)+",
);
const news = rule("((the? service of?)? news particle?)+");
/** "Hands off gateway", 「gateway 先别动」, "nothing else": what is to stay as it is. */
const spared = `(${object}|the? rest)`;
const spare = rule(
  `(polite|slip|first|only|so)* (spare ${spared}|handsOff ${spared} alone?|${spared} degree? first? spare|nothing) (le|particle|ba)* instead?`,
);
/** The same before its order in one clause, where the order is not spared as well. */
const spareAnd = rule(`(handsOff ${spared} alone|handsOff ${spared}) and`);
const pressed = rule(`${before} verb ${object} (now|hurry|urgent)+`);
const restartNow = rule("polite? verb (now|polite)+");
const due = "((needs|ought) (a? adjective* verb|doing|done))";
const need = rule(
  `(${object} (degree|now)* ${due} (soft|le|ba|now|hurry)*|agree* (may|authority place? (heard|grants)) verb soft* ${object} le?)`,
);
const doIt = rule(
  "(polite|forMe|now|hurry|first|you|so)* (urgent|make|assist) (soft|ba|particle|it|polite|thanks)*",
);
const bare = rule(`${object} verb (now|again|urgent|so|next|ma|particle)*`);
const topic = rule(
  `((wellThen|next)* the? service|it? (namely|meant|slip|only|manner|just|be|but)+ the? ${thing}|it the? service) noun? place? (particle|only|justOne|polite|ba)*`,
);
const slip = rule("(greeting|title|agree)* slip (slip|le|particle|ba)*");
/** 「不是 logic」 of what goes on with what is meant instead. */
const spareBut = rule(`(slip|polite)* spare the? ${thing} noun?`);

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

/** Whether the beginning of a clause says so, and `next` goes on with what is not to be left. */
export function isSpareBegun(begun: Clause, next: Kind | undefined): boolean {
  const goesOn = next === "but" || next === "be";
  return fits(spareAnd, begun) || (goesOn && fits(spareBut, begun));
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

/** "Wrong one": what goes on puts it right. */
export function isSlip(clause: Clause): boolean {
  return fits(slip, clause);
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

const pleading = ["polite", "forMe", "thanks", "effort", "great"] as const;
const softening = ["soft", "hurry", "quick", "swift", "serve"] as const;
const asking = ["ask", "askYou", "askGet", "askMind", "could"] as const;
/** What makes news of "gateway restart": 「gateway 马上重启」, "gateway restart again". */
const telling =
  "the it again wellThen next so you ask askYou willYou could may wish we now first suggest along manner adjective make assist a once standing particle only justOne instead enough whenFree per asAgreed";

/** What some words need beside them to be those of an order. */
function isMeant(clause: Clause, shape: Shape, { isPolite, isSettled }: Beside): boolean {
  const pleads = isPolite || has(clause, ...pleading);
  const softens = pleads || shape === "taking" || has(clause, ...softening);
  const asks = has(clause, "ma", "okay");
  const asksPolitely =
    has(clause, ...asking) ||
    (softens && has(clause, "may", "willYou", "okay")) ||
    (has(clause, "may") && has(clause, "you"));
  const tells = clause.some(({ kind }) => telling.split(" ").includes(kind));
  const needs: readonly [boolean, boolean][] = [
    // 「重启 logic 吗」 asks whether, 「能重启 logic 吗」 and 「能不能重启」 whether one can.
    [asks, asksPolitely],
    [has(clause, "may", "willYou"), pleads || (asks && (softens || has(clause, "now", "you")))],
    [has(clause, "could"), softens || (hasObject(clause) && shape !== "giving")],
    // "You restart it", 「你再重启试试」: news, or a threat.
    [has(clause, "you"), (softens || asks || has(clause, "ba")) && !has(clause, "tryIt")],
    [has(clause, "le"), !has(clause, "effort", "you") || has(clause, "ba")],
    // 「咱们重启吧」, but not 「我们重启 logic」.
    [has(clause, "we"), has(clause, "ba")],
    [has(clause, "someone"), pleads],
    [has(clause, "along"), (pleads || has(clause, "soft", "once", "ba")) && !has(clause, "le")],
    [has(clause, "oh"), softens || has(clause, "ba")],
    // 「logic 给重启」 may have happened to it.
    [
      shape.startsWith("objectFirst") && has(clause, "to"),
      has(clause, "soft", "once", "off", "ba"),
    ],
    [shape === "plain" && has(clause, "to"), has(clause, "soft", "once", "off", "ba")],
    [shape === "takingUp", pleads || has(clause, "soft", "once", "off", "ba", "serve", "a")],
    [has(clause, "have", "ifYouCould"), pleads],
    [shape === "needing", pleads],
    [has(clause, "meant"), hasObject(clause)],
    [has(clause, "suggest"), has(clause, "ba", "soft")],
    [has(clause, "perhaps"), has(clause, "soft")],
    [has(clause, "effort"), has(clause, "soft", "ba")],
    [has(clause, "more"), pleads || has(clause, "soft", "once", "ba")],
    [shape === "plain" && has(clause, "needs"), pleads],
    [shape === "plain" && has(clause, "adjective", "a"), pleads || hasObject(clause)],
    [shape === "making", pleads || has(clause, "make", "serve", "ask", "askMind")],
    [shape === "handling", pleads || has(clause, "soft", "serve")],
    // 「重启 logic 就行」 says that it would do.
    [has(clause, "enough"), pleads || (isSettled && !has(clause, "ba"))],
    // 「有空再重启」: at another time.
    [has(clause, "whenFree") && has(clause, "more"), has(clause, "once")],
    [has(clause, "purpose"), shape !== "objectFirst" || softens],
    [shape === "objectFirst" && tells, softens || has(clause, "ba", "more", "tryIt", "to")],
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
