import { fits, has, rule } from "./restart-rule.ts";
import type { Clause } from "./restart-tokens.ts";

const somebody = "((authority|folk|self|title) (person|place)?)";
const paper = "the? paper (paperId|number)?";
/** 「按变更单 CHG-7」, "as agreed with the dba": may stand in an order, too. */
export const accordingTo = `(per (${paper}|paperId) (of? terms)?|asAgreed (toward ${somebody})?)`;

const lead = "(so|now|polite|urgent|agree|greeting|title|swear|along|because)*";
const adverb = "(so|now|polite|urgent|agree|greeting|degree|along|because)*";
const close = "(le|particle|oh|now|hurry|polite|thanks)*";
/** 「值班同意了」, "the boss signed off": who may say so has said that it may be done. */
const granted = `(${somebody} ${adverb} (grants|cleared|heard)|degree ${adverb} (grants|cleared)|cleared)`;
/** "Approved by oncall", "with the ok from the boss". */
const grantedBy = `${lead} ((heard by|okFrom) ${somebody}|(heard|cleared) ${accordingTo})`;
/** 「跟值班打过招呼了」, "i have told oncall", 「已报备」. */
const told = `(self? ${adverb} ((and|to|toward) ${somebody} ${adverb} toldOf|degree ${adverb} (and|to|toward) ${somebody} ${adverb} toldBare|(iHave|self)? informed ${somebody}|toldOf ${somebody}?)|${somebody} ${adverb} (toldOf|wereTold))`;
/** "CHG-7 is approved", 「变更单已批」. */
const passed = `per? ((service noun? of?)? ${paper}|paperId) (degree|along)* (passed|cleared|grants|heard|standing)`;
const permission = rule(
  `${lead} (${granted}|${told}|${passed}|${accordingTo}) ${close}|${grantedBy} ${close}`,
);
/** "Ticket OPS-7": under which the order is given. */
const reference = rule(`(${paper}|paperId|number)`);

/** Whether a clause says that the order may be given: who agreed, who knows, under which change. */
export function isPermission(clause: Clause): boolean {
  return fits(permission, clause) || (has(clause, "paperId", "number") && fits(reference, clause));
}

/** "Approved by oncall": behind "restart gateway" it may be what a record says. */
export function isRecorded(clause: Clause): boolean {
  return has(clause, "by", "okFrom");
}
