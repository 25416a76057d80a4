import type { Span } from "../span.ts";
import { isMetricLabel, isNextField, isReason, isSameColumn, isTypeHint } from "./mere-mentions.ts";
import { isMixed, isName } from "./password-like.ts";
import { isPlainPath } from "./plain-paths.ts";
import { plain, readValue, sticky, type Value } from "./read-value.ts";
import { type NameLevel, nameLevel } from "./sensitive-name.ts";
import {
  isCode,
  isPlaceholder,
  isSecretValue,
  isStateWord,
  isUnspeakable,
  looksRandom,
  shannonBits,
} from "./value-kind.ts";
import { isListOfRemarks } from "./value-lists.ts";

/** Secrets that people tell in a sentence: "the password is …", "api key …", 密码是…. */
export function findInProse(text: string): Span[] {
  return [...told(text), ...toldInChinese(text), ...nearKeyWords(text), ...elements(text)];
}

export const keyWord =
  "(?:pass(?:word|wd|phrase|code)|passwort|pwd|(?:api|access|secret|private|encryption|signing|master|auth|account|service|shared|storage|license)[ _-]?keys?|(?:client|app|shared|webhook|signing)[ _-]secret|(?:access|auth|api|bearer|refresh|session|bot|id|personal access|deploy)[ _-]?token|secret|token|credentials?|otp|pin(?: code)?|(?:verification|security|recovery|one-time|login|backup) code)s?";

const fillers = String.raw`(?:\s{1,2}(?:is|was|are|to|set|as|equals|now|changed|reset|with|value|of|should be|will be|has been|still|updated|called|be)(?=[\s:"'“])){0,4}`;
const tellings = [
  // "password is now x", "api key: x", "token x", "secret [x]"
  new RegExp(
    String.raw`(?<!\barn:[^\s"']{0,120})(?<![\w.-]|(?<!\b(?:pin|pass|password|token|key|user|login|secret))\/)(?:${keyWord}|(?:pass|pw)(?='s\s))(?![\w./-])(?:'s(?=\s))?\s{0,2}${fillers}(?:\s{0,2}[:=]{1,2}\s{0,4}|\s{1,4}|\s?[([{]\s?)(?=[^\s:=])`,
    "gi",
  ),
  // "password for the test server is x", "Password for 'https://…': x"
  new RegExp(
    String.raw`(?<![\w/.-])${keyWord}(?:\s(?:is|was|has been)\s(?:generated|set|created|reset|assigned))?\s{1,2}(?:for|of|to|on|at|in|used)\s{1,2}[^\s]{1,80}(?:\s[\w'"@./-]{1,40}){0,4}?(?:\s{0,2}[:=]|\s(?:is|was|are|to|equals))\s{1,4}(?=[^\s:=])`,
    "gi",
  ),
];

/** After a key word and words such as "is" or "was set to". */
function told(text: string): Span[] {
  return tellings.flatMap((telling) => {
    const spans: Span[] = [];
    let readUpTo = 0;
    for (const match of text.matchAll(telling)) {
      if (match.index < readUpTo) continue;
      const at = match.index + match[0].length;
      const value = readValue(text, at, plain);
      if (!value || isListOfRemarks(text, at)) continue;
      const isCode = /^(?:otp|pin|pass|pwd|verif|secur|recov|one|login|backup)/i.test(match[0]);
      const isTold =
        /[:=([{]\s*$|\b(?:is|was|are|to|as|equals|be|now)\s*$/i.test(match[0]) ||
        (value.quoted && isCode);
      const content = text.slice(value.start, value.end);
      if (isWorkingDirectory(match[0], content)) continue;
      if (isSpokenOf(text, match, { ...value, content })) continue;
      if (isErrand(text, match, content) || isNote(match[0], content)) continue;
      // What is long and no secret here is not read once more from each key word in it.
      if (content.length > 256) readUpTo = value.end;
      if (!isToldSecret(content, { isQuoted: value.quoted, isTold, isCode })) continue;
      spans.push(spanOf(value, match.index));
      readUpTo = value.end;
    }
    return spans;
  });
}

/** `PWD=/home/ops`, as sudo logs it. */
function isWorkingDirectory(key: string, content: string): boolean {
  return /^pwd/i.test(key) && /^\/[\w./-]*$/.test(content);
}

/** "enter your password to continue": what it is for, where nobody sets one. */
function isErrand(text: string, match: RegExpExecArray, content: string): boolean {
  if (!/^(?:\w+ ){1,3}to $/i.test(match[0]) || !/^[a-z-]+[.,:!?]*$/.test(content)) return false;
  if (/\b(?:set|changed|reset|equals|updated|called)\b/i.test(match[0])) return false;
  const before = text.slice(Math.max(0, match.index - 40), match.index);
  return !setting.test(before) || errands.test(content);
}

const setting =
  /\b(?:set|chang|reset|updat|switch|rotat|mak|put|mov|bump|revert)\w{0,4}\b[^.\n]*$/i;
const errands =
  /^(?:continue|proceed|confirm|finish|unlock|access|authenticate|verify|login|decrypt|encrypt|delete|remove|enable|disable|activate|protect|secure|complete|restore|recover|return|regain|perform|submit|download|connect|register|approve|accept|authorize|prevent|ensure|comply|satisfy|switch|receive|create|change|update|manage|resume|something|anything)\b/;

/** "on tokens  (cost=0.00..1.05 rows=5": what is noted about it. */
function isNote(key: string, content: string): boolean {
  const name = /[([{]\s?$/.test(key) ? /^([A-Za-z_][\w.-]{0,30})=/.exec(content)?.[1] : undefined;
  return name !== undefined && !/^(?:value|is|v|val)$/i.test(name) && !nameLevel(name);
}

function spanOf(value: Value, from: number): Span {
  return { start: value.start, end: value.end, kind: "prose", from };
}

function isToldSecret(
  content: string,
  about: { isQuoted: boolean; isTold: boolean; isCode: boolean },
): boolean {
  if (isPlaceholder(content) || isStateWord(content)) return false;
  if (!about.isQuoted && isCode(content)) return false;
  if (about.isQuoted && / /.test(content)) return /\d/.test(content);
  const bare = content.replace(/[!?.,:]+$/, "");
  if (isUnspeakable(bare)) return true;
  if (/^[a-z]+(?:[-_/.][a-z]+)*$/i.test(bare) && !looksRandom(bare, 12)) {
    if (about.isQuoted && about.isTold && about.isCode) return true;
    const isPlainWord = !/[a-z][A-Z]|^[a-z]{6,}$/.test(bare) || commonVerb.test(bare);
    return about.isTold && about.isCode && !isPlainWord;
  }
  if (about.isTold) {
    return /^\d+$/.test(bare)
      ? about.isCode && bare.length >= 4
      : isSecretValue(bare, "likely", false);
  }
  return looksRandom(bare, 8) || /^(?:0x)?(?=.*\d)[\da-f]{24,}$/i.test(bare) || isMixed(bare);
}

const commonVerb = /(?:ing|ed|ly|able|ible|ment|tion|ness|ful|less|er|ers|ies)$/;

function toldInChinese(text: string): Span[] {
  const spans: Span[] = [];
  let readUpTo = 0;
  for (const match of text.matchAll(
    /(?:密 ?码|密碼|口令|密钥|密鑰|私钥|令牌|凭证|凭据|验证码|驗證碼|授权码|动态码|通行码|访问码|(?<![\w@/.-])(?<!\barn:[^\s"']{0,120})(?:token|api ?key|secret|password|passwd|pwd|psw|requirepass|masterauth)(?=\s?(?:[：:=＝是为叫还用换已]|改|设|就是)))(?:\s?[（(][^）)\n]{1,12}[）)])?\s?(?:还是|仍是|依旧是|仍然是|依然是)?(?:老的|旧的|原来的|之前的|以前的|上次的|默认的?)?(?:那个|那串|那套)?(?:已|被)?(?:改成了?|改为了?|重置为|设为|设置为|设成|设置成|更新为|换成了?|就是|应该是|现在是|分别是|是|为|叫|用的是|用|填|写的是)?(?:[\s：:=＝,，→]|➡\uFE0F?|👉){0,3}["'“「『【[(（]{0,2}(?=[\x21-\x7e\u00a1-\u1fff])/gi,
  )) {
    if (match.index < readUpTo) continue;
    const value = readValue(text, match.index + match[0].length, plain);
    if (!value) continue;
    const content = text.slice(value.start, value.end);
    if (content.length > 256) readUpTo = value.end;
    // Passwords are written in other alphabets, too; Chinese characters are the sentence's.
    const latin = /^[\x21-\x7e\u00a1-\u1fff]+/.exec(content)?.[0] ?? "";
    const tight = latin.replace(/[)\]】）"']+$/, "");
    const isTold = !/(?:token|key|secret|password|passwd|pwd|psw)\s*$/i.test(match[0]);
    if (isWorkingDirectory(match[0], tight) || isPlainPath(tight)) continue;
    if (isSpokenOf(text, match, { ...value, content })) continue;
    if (tight.length < 4 || isPlaceholder(tight) || isStateWord(tight)) continue;
    if (!value.quoted && isCode(content)) continue;
    if (!isTold && !looksRandom(tight, 8)) continue;
    // 查看了密钥 prod/db: where it lies.
    if (!/[:：=]/.test(match[0]) && /^[a-z][a-z-]*(?:\/[a-z][a-z-]*)+(?:\(|$)/.test(tight))
      continue;
    if (/^[a-z]+$/.test(tight) && tight.length < 6) continue;
    if (isNamedInChinese(text, match[0], { end: value.start + tight.length, content: tight }))
      continue;
    // The next column's name.
    if (/[,，]$/.test(match[0]) && /^[a-z]+(?:_[a-z]+)+(?:,|$)/.test(tight)) continue;
    spans.push({
      start: value.start,
      end: value.start + tight.length,
      kind: "prose",
      from: match.index,
    });
  }
  return spans;
}

/** 密钥 regcred 不存在: a name, and how things stand with what it names. */
function isNamedInChinese(
  text: string,
  lead: string,
  { end, content }: { end: number; content: string },
): boolean {
  if (/[:：=＝是为]/.test(lead) || !/^[a-z][a-z\d]*(?:[-_.][a-z\d]+)*$/.test(content)) return false;
  return (
    sticky(
      /\s?(?:不存在|未找到|找不到|没找到|没有|不可用|未挂载|未同步|已?过期|已?失效|无效|缺失|挂载|同步|已(?:存在|更新|创建|删除|轮换))/y,
      text,
      end,
    ) !== null
  );
}

/** A reference of a template, the type of a parameter, the label of a metric. */
function isSpokenOf(
  text: string,
  match: RegExpExecArray,
  value: Value & { content: string },
): boolean {
  const { start, content } = value;
  if (isSameColumn(/^\w{0,60}/.exec(match[0])?.[0] ?? "", content)) return true;
  if (!value.quoted && isReason(text, match.index, start)) return true;
  if (/^(?:[%#]\{|\$\[|<%)/.test(content)) return true;
  if (/\(\($/.test(match[0]) || /\[\[$/.test(match[0])) {
    return /^[)\]]{2}/.test(text.slice(start + content.length, start + content.length + 2));
  }
  const name = { text: /^[a-z]{1,12}/i.exec(match[0])?.[0] ?? "", start: match.index };
  if (text[start - 1] === " " && isNextField(text, name, start - 1)) return true;
  return isTypeHint(text, start, content) || isMetricLabel(text, name, content);
}

const nearWord =
  /(?<![\w/])(?:password|passwd|passphrase|pwd|secrets?|tokens?|api[ _-]?keys?|access[ _-]?keys?|private[ _-]?keys?|secret[ _-]?keys?|signing[ _-]?keys?|encryption[ _-]?keys?|credentials?|creds|bearer|hmac|jwt|psk|passcode|密码|口令|密钥|秘钥|私钥|令牌|凭证|凭据|授权码)(?![\w/-])/gi;
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
    for (const candidate of text.slice(start, end + 200).matchAll(/[A-Za-z0-9+/_=.~!@#$%^&*-]+/g)) {
      if (candidate.index > end - start) break;
      // Counted here: a pattern of 16 or more would begin anew at each letter of a shorter word.
      if (candidate[0].length < 12) continue;
      // What is encrypted may be shown, and so may where something lies.
      if (
        /ENC\[|\barn:\S*$/.test(text.slice(Math.max(0, match.index - 120), start + candidate.index))
      )
        continue;
      const whole = candidate[0].replace(/[.,;:!?]+$/, "");
      // "bob/x7Gh…": a path, but for its last part.
      const value = isStrayToken(whole) ? whole : (whole.split(/[/=]/).at(-1) ?? "");
      if (!isStrayToken(value)) continue;
      const at = start + candidate.index + whole.length - value.length;
      spans.push({ start: at, end: at + value.length, kind: "prose", from: match.index });
      end = Math.max(end, at + value.length);
    }
    readUpTo = end;
  }
  return spans;
}

function isStrayToken(value: string): boolean {
  if (!looksRandom(value, 12) || /=.+/.test(value.replace(/=+$/, ""))) return false;
  return (
    /[a-z]/.test(value) &&
    /[A-Z]/.test(value) &&
    shannonBits(value) > 3.3 &&
    !/^[A-Z][a-z]+(?:[A-Z][a-z]+)+\d*$/.test(value) &&
    !isName(value)
  );
}

/** `<password>…</password>`, and `<key>password</key><string>…</string>`. */
function elements(text: string): Span[] {
  const spans: Span[] = [];
  let named: NameLevel | undefined;
  for (const match of text.matchAll(
    /<(?:[\w-]{1,30}:)?([\w.-]{1,80})(?:\s[^<>]{0,200})?>\s{0,40}(?:<!\[CDATA\[)?([^<\]\s@][^<\]]{0,4096})/g,
  )) {
    const [whole, name = "", content = ""] = match;
    const value = content.trimEnd();
    // "<secret>" stands for one, unless something closes it.
    const isUnclosed =
      match.index + whole.length === text.length && whole.slice(whole.indexOf(">")).includes("\n");
    if (isUnclosed) continue;
    const level = named ?? nameLevel(name);
    named = /^(?:key|name|field|param-name|entry)$/i.test(name) ? strongLevel(value) : undefined;
    if (!level || !/[\p{L}\d]/u.test(value) || !isSecretValue(value, level, true)) continue;
    const start = match.index + whole.length - content.length;
    spans.push({ start, end: start + value.length, kind: "assignment", from: match.index });
  }
  return spans;
}

function strongLevel(name: string): NameLevel | undefined {
  const level = name.length <= 80 ? nameLevel(name) : undefined;
  return level === "weak" ? undefined : level;
}
