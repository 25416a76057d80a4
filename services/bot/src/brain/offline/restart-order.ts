import type { ServiceName } from "@resonance/ops-mcp";
import {
  type Beside,
  has,
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
  isSpare,
  isSpareAnd,
  isTopic,
} from "./restart-grammar.ts";
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
  if (spared.length > 0 && !isApart(orders, spared)) return undefined;
  if (named.length > 1 || orders.some((one) => has(one, "all"))) return { of: "several" };
  const [spokenOf, another] = namesIn(reasons);
  return { of: named[0] ?? (another ? "several" : spokenOf) ?? "it" };
}

// In words: nobody orders at greater length.
const longestOrder = 60;

/** "Leave gateway alone, restart it" contradicts itself, and so does sparing what is restarted. */
function isApart(orders: readonly Clause[], spared: readonly Clause[]): boolean {
  const [name, another] = namesIn(orders);
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
    isPolite: clauses.some((one) => isAsideAfter(one) && has(one, "polite", "thanks")),
    isSettled: clauses.some((one) => isSpare(one) || has(one, "gaveUp")),
  };
  const orders: Clause[] = [];
  const reasons: Clause[] = [];
  const spared: Clause[] = [];
  for (const [index, whole] of clauses.entries()) {
    const begun = beginningSpared(whole);
    if (begun) spared.push(begun);
    const clause = whole.slice(begun?.length ?? 0);
    const before = clauses[index - 1];
    const isDone = orders.length > 0;
    const found = orderWithReason(clause, beside);
    if (found) {
      orders.push(found.order);
      reasons.push(...found.reasons);
      const isClear = beside.isPolite || isClearOrder(found.order);
      // 「gateway 挂了，再重启一下」 may say when.
      const saysWhen = startsWith(found.order, "more") && !has(found.order, "once");
      if (reasons.length > 0 && (!isClear || saysWhen)) return undefined;
    } else if (isSpare(clause)) spared.push(clause);
    else if (before && isNeed(before) && isDoIt(clause)) orders.push(before);
    else if (isReason(clause)) {
      if (isDone && !isReasonBehind(clause, orders)) return undefined;
      reasons.push(clause);
    } else if (!isDone && (isNeed(clause) || isTopic(clause) || isNews(clause)))
      reasons.push(clause);
    else if (!(isDone ? isAsideAfter(clause) : isAsideBefore(clause))) return undefined;
  }
  return orders.length === 0 ? undefined : { orders, reasons, spared };
}

/** "Leave gateway alone and" of what goes on with an order. */
function beginningSpared(clause: Clause): Clause | undefined {
  const and = clause.findIndex(({ kind }) => kind === "and");
  const begun = clause.slice(0, and + 1);
  return and > 0 && isSpareAnd(begun) ? begun : undefined;
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
