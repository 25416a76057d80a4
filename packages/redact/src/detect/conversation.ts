import type { Span } from "../span.ts";
import { secretsIn, valuesBehind } from "./matches.ts";
import { isLikeAPassword, isName } from "./password-like.ts";
import { keyWord } from "./prose.ts";

/** Secrets that people tell each other: behind their use, in an answer, letter by letter. */
export function findInConversation(text: string): Span[] {
  return [
    ...signIns(text),
    ...attempted(text),
    ...exchanged(text),
    ...namedAfter(text),
    ...codesAndLetters(text),
  ];
}

/** "login ops / 36ywRqyqk0S6", 账号 ops / 36ywRqyqk0S6: a name and what goes with it. */
function signIns(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(
    /(?:\b(?:log ?in|sign ?in|logon|creds?|credentials?|account|user(?:name)?)(?![\w-])|账号|帐号|账户|用户名?|登录)(?:\s(?:is|are|as|with|using))?\s{0,2}[:：]?\s{0,2}([\w.@-]{2,40})\s{0,2}(?:[/／|,，]|\band\b|和)\s{0,2}(?=([\x21-\x7e]{6,64}))/gi,
  )) {
    const value = (match[2] ?? "").replace(/[.,;:)\]"']+$/, "");
    if (!isLikeAPassword(value) || isName(value)) continue;
    const start = match.index + match[0].length;
    spans.push({ start, end: start + value.length, kind: "prose", from: match.index });
  }
  return spans;
}

// "password authentication failed for user x (tried "…")"
const attempts =
  /(?:pass(?:word|wd|phrase|code)?|pwd|auth(?:entication|orization)?|log ?in|sign ?in|credentials?|密码|口令)[^\n]{0,120}?(?:\b(?:tried|tries|using|with|got|received|supplied|given|attempted|entered|submitted|sent|typed|provided)|尝试|输入的?是?|用的是?)\s{0,2}(?:password\s|密码)?[:=]?\s{0,2}(?=\\?["'`“「])/gi;

/** What was tried as a password, in quotes. */
function attempted(text: string): Span[] {
  return valuesBehind(text, attempts, "prose", isLikeAPassword);
}

/** "was changed from … to …": both, the old one may still open something. */
function exchanged(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(
    new RegExp(
      String.raw`(?<![\w/.-])(?:[A-Za-z]\w{0,30}_)?(?:${keyWord}|密码|口令|密钥|令牌)[^\n]{0,40}?(?:\sfrom\s|\b(?:changed|updated|rotated|replaced):?\s|从\s?)(["'“「]?)(\S{6,128}?)["'”」]?(?:\s{1,2}(?:(?:in)?to|->|=>|→)\s{1,2}|\s?(?:改成|换成|改为|换为|变成)\s?)["'“「]?(?=(\S{6,128}))`,
      "gi",
    ),
  )) {
    const [whole, quote = "", before = "", after = ""] = match;
    const next = after.replace(/[.,;:)\]"'”」，。]+$/, "");
    if (!isLikeAPassword(before) && !isLikeAPassword(next)) continue;
    const at = match.index + whole.indexOf(`${quote}${before}`) + quote.length;
    const end = match.index + whole.length;
    spans.push({ start: at, end: at + before.length, kind: "prose", from: match.index });
    spans.push({ start: end, end: end + next.length, kind: "prose", from: match.index });
  }
  return spans;
}

/** "my 2FA code → 637602", "wifi password, spelled out: N 5 c n". */
function codesAndLetters(text: string): Span[] {
  return [
    /\bcombination\s{0,2}(?:is|was|:)\s{0,2}(\d{1,2}(?:[-– ]\d{1,2}){2,3})/gi,
    /(?:\b(?:pin|passcode|password)\b|密码|口令|验证码)[^\n\d]{0,20}(\d(?: \d){3,9})(?!\S)/gi,
    /\b(?:recovery|backup|scratch) codes?\s{0,2}[:：]\s{0,4}((?=[^\n]{0,200}\d)[\w-]{6,20}(?:[\s,]{1,3}[\w-]{6,20}){0,20})/gi,
    /\b(?:2fa|mfa|otp|totp|sms|verification|auth(?:enticator|entication)?|login|backup|one-time)[ -]?(?:code|pin|token|passcode)s?\s{0,2}(?:→|->|=>|is|was|[:=])?\s{0,2}(\d{3}[ -]?\d{3,5})(?!\d)/gi,
    /\b(?:password|passphrase|pin|code)\b[^\n:]{0,20}\bspelled(?: out)?\s{0,2}:\s{0,2}(\S(?:[ -]\S){3,64})(?!\S)/gi,
  ].flatMap((pattern) => secretsIn(text, pattern, "prose"));
}

/** "set it to … as the password", 用 … 当密码, "root/…": what it is stands behind it, or nowhere. */
function namedAfter(text: string): Span[] {
  return reversed.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match): Span[] => {
      const value = (match[1] ?? "").replace(/["'`”」.,;]+$/, "");
      if (!isLikeAPassword(value)) return [];
      const start = match.index + match[0].indexOf(match[1] ?? "");
      return [{ start, end: start + value.length, kind: "prose", from: match.index }];
    }),
  );
}

const reversed = [
  new RegExp(
    String.raw`(?<!\S)["'\x60]?([\x21-\x7e]{6,64})["'\x60]?\s{0,2}[（(](?!using|with|no|without|wrong|empty|see|need|require)(?:the|a|my|our|its|your)?\s{0,2}(?:\w{1,20}\s){0,2}?${keyWord}`,
    "gi",
  ),
  /(?:密码|口令|密钥|令牌|凭证)[^\n]{0,16}?(?:新的|现在的?|改后|最新)(?:是|为|[:：])\s?([\x21-\x7e]{6,64})/g,
  /(?:密码|口令|密钥|令牌|凭证|\btoken|\bkey)(?:如下|见下)\s?[:：]?\s{0,4}\n?\s{0,4}([\x21-\x7e]{6,256})/gi,
  new RegExp(
    String.raw`\b(?:it's|its|it is|that's|was|is)\s{1,2}["'\x60]?([\x21-\x7e]{6,64})["'\x60]?\s{0,2}[—–,;:(-]{1,2}\s{0,2}(?:[\w']{1,20}\s){0,3}?${keyWord}`,
    "gi",
  ),
  new RegExp(
    String.raw`(?<![\w/.-])(?:${keyWord}|pw|密码|口令)[^\n]{0,60}[?？]\s{0,2}\r?\n[ \t]{0,4}[\w.@ -]{1,30}[:：>][ \t]{1,4}["'\x60]?([\x21-\x7e]{6,64})["'\x60]?[ \t]*(?=\r?\n|$)`,
    "gi",
  ),
  new RegExp(
    String.raw`\b(?:to|use|used|using|set|put|try|enter|typed?|with)\s{1,2}["'\x60]?(\S{6,64})\s{1,2}(?:as|for)\s{1,2}(?:the|its|a|my|our|your|new)?\s{0,2}(?:\w{1,20}\s){0,2}?${keyWord}`,
    "gi",
  ),
  /(?:用|拿|填|写|输入?)\s?["'“「]?([\x21-\x7e]{6,64}?)["'”」]?\s?(?:作为?|当作?|做|作)\s?(?:新的?|初始|临时|默认)?(?:密码|口令|密钥)/g,
  /(?<![\w/.\\@-])(?:root|admin|administrator|ubuntu|ec2-user|centos|管理员|账号|sa|sys|system|postgres|oracle|ops|deploy)\s?[/／]\s?([\x21-\x7e]{6,64})(?=\s|$|[，。])/gi,
];
