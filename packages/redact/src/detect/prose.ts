import type { Span } from "../span.ts";
import { readValue, type Value } from "./read-value.ts";
import {
  isPlaceholder,
  isSecretValue,
  isStateWord,
  looksRandom,
  shannonBits,
} from "./value-kind.ts";

/** Secrets that people tell in a sentence: "the password is …", "api key …", 密码是…. */
export function findInProse(text: string): Span[] {
  return [...told(text), ...toldInChinese(text), ...nearKeyWords(text), ...elements(text)];
}

const keyWord =
  "(?:pass(?:word|wd|phrase|code)|passwort|pwd|(?:api|access|secret|private|encryption|signing|master|auth|account|service|shared|storage|license)[ _-]?keys?|(?:client|app|shared|webhook|signing)[ _-]secret|(?:access|auth|api|bearer|refresh|session|bot|id|personal access|deploy)[ _-]?token|secret|token|credentials?|otp|pin(?: code)?|(?:verification|security|recovery|one-time|login|backup) code)s?";

const tellings = new RegExp(
  String.raw`(?<![\w/.-])${keyWord}(?![\w./-])(?:\s{1,2}(?:for|of|to|on|at)\s{1,2}[\w'"@./:-]{1,60}(?:\s[\w'"@./-]{1,40}){0,3}?)?(?:\s{0,2}(:|=)|\s{1,2}(?:is|was|are|to|set|as|equals|now|changed|reset|with|value|of|should be|will be|has been|still|updated|called|be)(?=[\s:"'“]))*(\s{0,2}[:=]\s{0,4}|\s{1,4}|\s?[([{]\s?)(?=[^\s:=])`,
  "gi",
);

/** After a key word and words such as "is" or "was set to". */
function told(text: string): Span[] {
  const spans: Span[] = [];
  let readUpTo = 0;
  for (const match of text.matchAll(tellings)) {
    if (match.index < readUpTo) continue;
    const value = readValue(text, match.index + match[0].length, plain);
    if (!value) continue;
    const isTold =
      /[:=]|\b(?:is|are|to|as|equals|be|now)\s*$/i.test(match[0].slice(3)) || value.quoted;
    if (!isToldSecret(text.slice(value.start, value.end), value, isTold)) continue;
    spans.push(spanOf(value, match.index));
    readUpTo = value.end;
  }
  return spans;
}

const plain = { nextLine: false, query: false, wholeLine: false };

function spanOf(value: Value, from: number): Span {
  return { start: value.start, end: value.end, kind: "prose", from };
}

function isToldSecret(content: string, value: Value, isTold: boolean): boolean {
  if (isPlaceholder(content) || isStateWord(content)) return false;
  if (value.quoted && / /.test(content)) return /\d/.test(content);
  const bare = content.replace(/[!?.,:]+$/, "");
  if (/^[a-z]+(?:[-_/.][a-z]+)*$/i.test(bare)) {
    return (
      isTold &&
      /[a-z][A-Z]|^[a-z]{6,}$/.test(bare) &&
      !commonVerb.test(bare) &&
      bare === content.replace(/[.,]$/, "")
    );
  }
  if (isTold) return isSecretValue(bare, "likely", false) || /^\d{4,8}$/.test(bare);
  return looksRandom(bare, 8) || (/^[\da-f]{24,}$/i.test(bare) && /\d/.test(bare)) || isMixed(bare);
}

const commonVerb = /(?:ing|ed|ly|able|ible|ment|tion|ness|ful|less|er|ers|ies)$/;

/** `Sommer2024!`: what people think of as a password. */
function isMixed(value: string): boolean {
  return (
    value.length >= 7 &&
    /[a-z]/i.test(value) &&
    /\d/.test(value) &&
    /[!@#$%^&*?~+]|[a-z].*[A-Z]|[A-Z][a-z]+.*\d/.test(value) &&
    !/[/:=<>(]/.test(value) &&
    !/^v?\d/.test(value)
  );
}

function toldInChinese(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(
    /(?:密码|密碼|口令|密钥|密鑰|私钥|令牌|凭证|凭据|验证码|驗證碼|授权码|动态码|通行码|访问码|(?<![a-z])(?:token|api ?key|secret|password))(?:已|被)?(?:改成了?|改为了?|重置为|设为|设置为|设成|设置成|更新为|换成了?|就是|应该是|现在是|分别是|是|为|叫|用的是|用|填|写的是)?[\s：:=＝,，]{0,3}["'“「『【[(（]{0,2}(?=[\x21-\x7e])/gi,
  )) {
    const value = readValue(text, match.index + match[0].length, plain);
    if (!value) continue;
    const content = text.slice(value.start, value.end);
    const latin = /^[\x21-\x7e]+/.exec(content)?.[0] ?? "";
    const tight = latin.replace(/[)\]】）"']+$/, "");
    const isTold = match[0].length > 2 && !/(?:token|key|secret|password)$/i.test(match[0]);
    if (tight.length < 4 || isPlaceholder(tight) || isStateWord(tight)) continue;
    if (!isTold && !looksRandom(tight, 8)) continue;
    if (/^[a-z]+$/.test(tight) && tight.length < 6) continue;
    spans.push({
      start: value.start,
      end: value.start + tight.length,
      kind: "prose",
      from: match.index,
    });
  }
  return spans;
}

const nearWord =
  /(?<![\w/])(?:password|passwd|passphrase|pwd|secrets?|tokens?|api[ _-]?keys?|access[ _-]?keys?|private[ _-]?keys?|secret[ _-]?keys?|signing[ _-]?keys?|encryption[ _-]?keys?|credentials?|creds|bearer|hmac|jwt|密码|口令|密钥|私钥|令牌|凭证|凭据)(?![\w/-])/gi;
const nearCharacters = 80;

/** Random strings within a few words of a key word. */
function nearKeyWords(text: string): Span[] {
  const spans: Span[] = [];
  let readUpTo = 0;
  for (const match of text.matchAll(nearWord)) {
    const start = Math.max(readUpTo, match.index + match[0].length);
    let end = Math.min(text.length, match.index + match[0].length + nearCharacters);
    const lineEnd = text.slice(start, end).indexOf("\n");
    if (lineEnd >= 0) end = start + lineEnd;
    if (start >= end) continue;
    for (const candidate of text
      .slice(start, end + 200)
      .matchAll(/[A-Za-z0-9+/_=.~!@#$%^&*-]{16,}/g)) {
      if (candidate.index > end - start) break;
      const value = candidate[0].replace(/[.,;:!?]+$/, "");
      if (!isStrayToken(value)) continue;
      const at = start + candidate.index;
      spans.push({ start: at, end: at + value.length, kind: "prose", from: match.index });
      readUpTo = at + value.length;
    }
  }
  return spans;
}

function isStrayToken(value: string): boolean {
  if (!looksRandom(value, 16) || /=.+/.test(value.replace(/=+$/, ""))) return false;
  return (
    /[a-z]/.test(value) &&
    /[A-Z]/.test(value) &&
    shannonBits(value) > 3.3 &&
    !/^[A-Z][a-z]+(?:[A-Z][a-z]+)+\d*$/.test(value)
  );
}

/** `<password>…</password>`. */
function elements(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(
    /<(?:[\w-]{1,30}:)?(?:[\w.-]{0,40}(?:password|passwd|passphrase|pwd|secret|token|apikey|api-key|api_key|accesskey|privatekey|credential))(?:\s[^<>]{0,200})?>\s{0,40}(?:<!\[CDATA\[)?([^<\]\s][^<\]]{0,4096})/gi,
  )) {
    const value = (match[1] ?? "").trimEnd();
    if (isPlaceholder(value)) continue;
    const start = match.index + match[0].lastIndexOf(match[1] ?? "");
    spans.push({ start, end: start + value.length, kind: "assignment", from: match.index });
  }
  return spans;
}
