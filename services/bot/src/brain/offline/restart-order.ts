import type { ServiceName } from "@resonance/ops-mcp";
import {
  type Beside,
  hasObject,
  isAsideAfter,
  isAsideBefore,
  isBare,
  isDoIt,
  isMarked,
  isNeed,
  isNews,
  isOrder,
  isPressed,
  isReason,
  isRestartNow,
  isSlip,
  isSpare,
  isSpareBegun,
  isTopic,
} from "./restart-grammar.ts";
import { isPermission, isRecorded } from "./restart-permission.ts";
import { has } from "./restart-rule.ts";
import { type Clause, clausesOf, type Kind } from "./restart-tokens.ts";

/** What an order to restart is about: a service, what was spoken of before, or more than one. */
export type Order = { readonly of: ServiceName | "it" | "several" };

/**
 * The order to restart that a text is, if it is that and nothing else. `text` is spelt right.
 *
 * Every word has to be in the vocabulary and to stand where the grammar allows it; what stands
 * beside the order says that something is wrong, or nothing at all. Whatever else is said, such as a
 * negation, a condition, another time or somebody else's words, makes it no order.
 */
export function orderIn(text: string): Order | undefined {
  const clauses = clausesOf(text);
  if (clauses === undefined || clauses.flat().length > longestOrder) return undefined;
  const parts = partsOf(clauses);
  if (parts === undefined) return undefined;
  const { orders, reasons, spared } = parts;
  const named = namesIn(orders);
  if (spared.length > 0 && !isApart(parts)) return undefined;
  const isOfMany = named.length === 0 && orders.some((one) => has(one, "each"));
  const isOfAll = orders.some((one) => has(one, "all"));
  if (named.length > 1 || isOfAll || isOfMany) return { of: "several" };
  if (named.length === 0 && reasons.some((one) => has(one, "all"))) return { of: "several" };
  const [spokenOf, another] = namesIn(reasons);
  return { of: named[0] ?? (another ? "several" : spokenOf) ?? "it" };
}

// In words: nobody orders at greater length.
const longestOrder = 60;

/** "Leave gateway alone, restart it" contradicts itself, and so does sparing what is restarted. */
function isApart({ orders, reasons, spared }: Parts): boolean {
  const named = namesIn(orders);
  const [name, another] = named.length > 0 ? named : namesIn(reasons.filter(isTopic));
  return (
    name !== undefined &&
    another === undefined &&
    !orders.some((one) => has(one, "it", "all")) &&
    !namesIn(spared).includes(name) &&
    !spared.some((one) => has(one, "it", "all"))
  );
}

type Parts = {
  readonly orders: readonly Clause[];
  readonly reasons: readonly Clause[];
  /** What is to be left as it is. */
  readonly spared: readonly Clause[];
};

function partsOf(clauses: readonly Clause[]): Parts | undefined {
  const beside: Beside = {
    isPolite: clauses.some((one) => isAsideAfter(one) && has(one, "polite", "thanks", "great")),
    isSettled: clauses.some((one) => isSpare(one) || has(one, "gaveUp")),
  };
  const orders: Clause[] = [];
  const reasons: Clause[] = [];
  const spared: Clause[] = [];
  let isAllowed = false;
  for (const [index, whole] of clauses.entries()) {
    const before = clauses[index - 1];
    const { begun, clause } = besideSpared(before && isSlip(before) ? besideIs(whole) : whole);
    if (begun) spared.push(begun);
    const isDone = orders.length > 0;
    const found = orderWithReason(besideColon(clause, clauses[index + 1]), beside);
    if (found) {
      orders.push(found.order);
      reasons.push(...found.reasons);
      if (isOfAnotherTime(found.order, { reasons, beside, isAllowed })) return undefined;
    } else if (isSpare(clause)) spared.push(clause);
    else if (before && isNeed(before) && isDoIt(clause)) orders.push(before);
    else if (isPermission(clause)) {
      if (isDone && isRecorded(clause) && !beside.isPolite && !orders.some(isMarked))
        return undefined;
      isAllowed = true;
      if (namesIn([clause]).length > 0) reasons.push(clause);
    } else if (isReason(clause)) {
      if (isDone && !isReasonBehind(clause, orders)) return undefined;
      reasons.push(clause);
    } else if (isDone ? namesWhatFor(clause, orders, before) : isBackground(clause)) {
      reasons.push(clause);
      isAllowed ||= isNews(clause);
    } else if (!(isDone ? isAsideAfter(clause) : isAsideBefore(clause))) return undefined;
    else isAllowed ||= has(clause, "standing", "heard", "slip");
  }
  // "As agreed, gateway restart" is a heading, or news.
  const isHeading = isAllowed && !beside.isPolite && orders.some(isBare);
  return orders.length === 0 || isHeading ? undefined : { orders, reasons, spared };
}

/** 「执行重启：bot」 names behind the colon what is restarted. */
function besideColon(clause: Clause, next: Clause | undefined): Clause {
  const order = clause.slice(0, -1);
  const isNamed = next !== undefined && isName(next) && isMarked(order) && !hasObject(order);
  return clause.at(-1)?.kind === "colon" && isNamed ? order : clause;
}

/** 「说错了，是重启 gateway」, but 「是 gateway 重启」 is news. */
function besideIs(clause: Clause): Clause {
  return startsWith(clause, "be") && clause[1]?.kind === "verb" ? clause.slice(1) : clause;
}

function isName(clause: Clause): boolean {
  return isTopic(clause) || (clause.length === 1 && has(clause, "bot"));
}

function isBackground(clause: Clause): boolean {
  return isNeed(clause) || isTopic(clause) || isNews(clause);
}

/** 「麻烦重启一下，logic」 */
function namesWhatFor(
  clause: Clause,
  orders: readonly Clause[],
  before: Clause | undefined,
): boolean {
  const isNamed = before?.at(-1)?.kind === "colon" ? isName(clause) : isTopic(clause);
  return isNamed && orders.every((one) => isMarked(one) && !hasObject(one));
}

type Told = {
  readonly reasons: readonly Clause[];
  readonly beside: Beside;
  /** Whether it was said that it may be done. */
  readonly isAllowed: boolean;
};

/** 「gateway 挂了，再重启一下」, 「值班同意了，再重启」: what is said before may say when. */
function isOfAnotherTime(order: Clause, { reasons, beside, isAllowed }: Told): boolean {
  const isLater = startsWith(order, "more") && !has(order, "once");
  if (isAllowed && (isLater || startsWith(order, "next"))) return true;
  const isClear = beside.isPolite || isClearOrder(order);
  return reasons.length > 0 && (!isClear || isLater);
}

/** A clause without what it says of something that is to be left as it is. */
function besideSpared(clause: Clause): { readonly begun?: Clause; readonly clause: Clause } {
  const and = clause.findIndex(({ kind }) => kind === "and");
  const but = clause.findIndex(({ kind }) => kind === "but" || kind === "be");
  // "Leave gateway alone and restart logic"
  const withAnd = clause.slice(0, and + 1);
  if (and > 0 && isSpareBegun(withAnd, undefined))
    return { begun: withAnd, clause: clause.slice(and + 1) };
  const from = clause.findIndex(({ kind }) => kind === "spare");
  const end = clause.slice(Math.max(0, from));
  // "Restart logic not gateway"
  if (
    from > 0 &&
    isSpare(end) &&
    hasObject(clause.slice(0, from)) &&
    !isBare(clause.slice(0, from))
  )
    return { begun: end, clause: clause.slice(0, from) };
  if (but < 1) return { clause };
  // "Restart not logic but gateway"
  const begun = clause.slice(Math.max(0, from), but);
  if (from < 0 || !isSpareBegun(begun, clause[but]?.kind)) return { clause };
  const start = clause.slice(0, from);
  if (start.length === 0) return { begun, clause: clause.slice(but) };
  return start.at(-1)?.kind === "verb"
    ? { begun, clause: [...start, ...clause.slice(but + 1)] }
    : { clause };
}

type WithReason = { readonly order: Clause; readonly reasons: readonly Clause[] };

/** The order of a clause, which may begin or end with the reason: "it is stuck restart it". */
function orderWithReason(clause: Clause, beside: Beside): WithReason | undefined {
  const order = orderOf(clause, beside);
  if (order) return { order, reasons: [] };
  for (let at = 1; at < clause.length; at++) {
    const [first, second] = [clause.slice(0, at), clause.slice(at)];
    const last = isReason(first) && isPlain(first, second) && orderOf(second, beside);
    if (last) return { order: last, reasons: [first] };
    const begun =
      isReason(second) &&
      !has(second, "failed") &&
      startsWith(second, "because", "it") &&
      orderOf(first, beside);
    if (begun && hasObject(begun)) return { order: begun, reasons: [second] };
  }
  return undefined;
}

/** "It is down restart it", but not "it complains restart failed" and "it hangs then restart it". */
function isPlain(reason: Clause, order: Clause): boolean {
  if (has(reason, "said", "failed") || startsWith(order, "wellThen", "next", "suggest", "more"))
    return false;
  // 「gateway 异常重启」 is news; 「gateway 异常 重启 gateway」 is a reason and an order.
  const last = reason.at(-1)?.kind;
  const isApart = last === "le" || last === "particle" || order[0]?.isSpaced === true;
  return isApart && last !== undefined && endings.has(last) && isClearOrder(order);
}

/** Whatever else ends a reason may belong to what follows: 「挂了，又 重启」. */
const endings: ReadonlySet<Kind> = new Set<Kind>([
  "bad",
  "unmended",
  "le",
  "particle",
  "service",
  "bot",
  "it",
  "noun",
  "part",
  "again",
  "swear",
]);

function isClearOrder(order: Clause): boolean {
  return isMarked(order) || isRestartNow(order) || (hasObject(order) && !isBare(order));
}

/** 「重启 gateway，卡住了」 may tell what came of it. */
function isReasonBehind(reason: Clause, orders: readonly Clause[]): boolean {
  return (
    !has(reason, "still", "suggest", "unmended", "failed") &&
    (orders.some((one) => isMarked(one) || isPressed(one)) ||
      (startsWith(reason, "because", "it") && !orders.some(isBare)))
  );
}

/** The clause without the bot that is spoken to, where it is an order: "bot restart it". */
function orderOf(clause: Clause, beside: Beside): Clause | undefined {
  const start = clause.findIndex(({ kind }) => kind !== "greeting");
  const spoken = [
    ...(clause[start]?.kind === "bot" ? [clause.slice(start + 1)] : []),
    ...(clause.at(-1)?.kind === "bot" ? [clause.slice(0, -1)] : []),
  ].filter(hasObject);
  return [...spoken, clause].find((one) => isOrder(one, beside));
}

function startsWith(clause: Clause, ...kinds: readonly Kind[]): boolean {
  return clause[0] !== undefined && kinds.includes(clause[0].kind);
}

function namesIn(clauses: readonly Clause[]): ServiceName[] {
  const names = clauses.flat().flatMap(({ service }) => (service ? [service] : []));
  return [...new Set(names)];
}
