import type { Span } from "../span.ts";
import { isLikeAPassword, isName } from "./password-like.ts";
import { plain, readValue } from "./read-value.ts";
import { isPlaceholder, isStateWord } from "./value-kind.ts";

/**
 * A user and a password told in one breath: `use user "deploy" and pass "…"`, "log in as deploy
 * with pw …", `u: deploy p: …`. What is quoted is one whatever it looks like.
 */
export function findPairs(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(passes)) {
    if (/[\w./$@-]/.test(text[match.index - 1] ?? " ")) continue;
    const start = match.index + match[0].length;
    const isPair = userBefore.test(text.slice(Math.max(0, match.index - mostBefore), match.index));
    if (!isPair && !/^\\?["'\x60“]/.test(text.slice(start, start + 2))) continue;
    const value = readValue(text, start, plain);
    if (!value) continue;
    const content = text.slice(value.start, value.end).replace(/[!?]+$/, "");
    if (content.length < 4 || isPlaceholder(content) || isStateWord(content)) continue;
    if (!(isPair ? isGiven(content, value.quoted) : isSurely(content))) continue;
    spans.push({ start: value.start, end: value.end, kind: "prose", from: match.index });
  }
  return spans;
}

const passes =
  /\bp(?:(?:ass(?:word|wd|phrase|code)?|wd?)(?![\w./=([-])(?:\s(?:is|was))?\s?[:：]?\s{0,2}|\s?[:=]\s?)(?=\S{4})/gi;
const mostBefore = 100;

/** A word for a user, one name, and at most what joins two things. */
const userBefore =
  /(?:(?<![\w-])(?:user(?:name)?|log ?in|sign ?in|logon|log on|account|id|u(?=\s?[:=]))(?:\s(?:is|as|with|using|name))?|用户名?|账号|帐号|账户|登录)\s{0,2}[:=：]?\s{0,2}\\?["'\x60“「]?[\w.@+-]{1,64}\\?["'\x60”」]?\s{0,2}(?:\b(?:and|with|plus)\s|[/,，;&+|、]|和|，)?\s{0,2}(?:(?:the|a|its|with)\s)?$/i;

function isGiven(content: string, quoted: boolean): boolean {
  if (quoted) return !/\s/.test(content) || /\d/.test(content);
  return isLikeAPassword(content) && !isName(content);
}

/** `pass "wl)q0*pK57"`, with nobody named. */
function isSurely(content: string): boolean {
  return /[!@#$%^&*?~+()[\]{}]/.test(content) && /\d/.test(content) && isLikeAPassword(content);
}
