import type { Span } from "../span.ts";
import { cellsOf, separatorsOf } from "./cells.ts";
import { isMixed, passwordForm } from "./password-like.ts";
import { endOfLine } from "./read-value.ts";

/**
 * Passwords that nothing but their form and their neighbourhood gives away: a word that looks like
 * one in the sentence of "password", beside a user's name, in a row with an address.
 */
export function findMentioned(text: string): Span[] {
  return [
    ...inSentences(text),
    ...beforeNames(text),
    ...besideUsers(text),
    ...inRows(text),
    ...listed(text),
  ];
}

const named =
  /(?<![\w/.@$-])(?:pass(?:word|wd|phrase|code)s?|passwort|pwd|pw|psw|creds?)(?![\w/(=.-])|密码|密碼|口令|暗号|(?<![\w-])(?:mfa|2fa|totp|otp) (?:seed|secret)\b/gi;
const sentenceEnd = /[\n。！？；]|[.!?;](?=\s|$)/;
const mostCharacters = 80;

/** A word that looks like a password, in one sentence with the word for one. */
function inSentences(text: string): Span[] {
  const spans: Span[] = [];
  let readUpTo = 0;
  for (const match of text.matchAll(named)) {
    const start = match.index + match[0].length;
    if (start < readUpTo) continue;
    const window = text.slice(start, start + mostCharacters);
    // "pw? still …": the answer follows.
    const skipped = /^[?？]/.test(window) ? 1 : 0;
    const stop = window.slice(skipped).search(sentenceEnd);
    const sentence = stop < 0 ? window : window.slice(0, skipped + stop + 1);
    readUpTo = start + sentence.length;
    const place = mentionedIn(text, start, sentence) ?? quotedIn(sentence);
    if (!place) continue;
    const at = start + place.at;
    spans.push({ start: at, end: at + place.length, kind: "prose", from: match.index });
    readUpTo = Math.max(readUpTo, at + place.length);
  }
  return spans;
}

type Place = { readonly at: number; readonly length: number };

function mentionedIn(text: string, start: number, sentence: string): Place | undefined {
  const isSeed = /seed|secret$/i.test(text.slice(start - 6, start));
  const longer = text.slice(start, start + sentence.length + 64);
  for (const match of longer.matchAll(/[\x21-\x7e]+/g)) {
    if (match.index >= sentence.length) break;
    const lead = /^["'`([{<*,.:;，]*/.exec(match[0])?.[0].length ?? 0;
    const word = match[0].slice(lead).replace(/[)"'`>\]},.;:*]+$/, "");
    const core = word.replace(/[!?]+$/, "");
    const form = isSeed && /^[A-Z2-7]{16,64}$/.test(core) ? "strong" : passwordForm(core);
    if (!form) continue;
    const between = sentence.slice(0, match.index + lead);
    if (!isSeed && introduced.test(between)) continue;
    if (form === "fair" && !isTold(between)) continue;
    if (/^[a-z]+@[a-z]+\d+$/.test(core) && !toldNow.test(between)) continue;
    return { at: match.index + lead, length: word.length };
  }
  return undefined;
}

/** A word behind these is somebody's name, a place or a number. */
const introduced =
  /(?:\b(?:users?|accounts?|usernames?|hosts?|from|for|at|on|by|in|via|nodes?|pods?|servers?|services?|jobs?|tasks?|tickets?|versions?|releases?|issues?|commits?|branch|tag|file|key|id|call|method|function|class|using|with|see)|用户名?|账号|账户|帐号|主机|节点|来自|来源|任务号?|工号|版本|单号|编号|订单号?|算法|使用|见|类|方法|字段|环境变量|变量|函数|接口)\s{0,2}[:：=是为]?\s{0,2}["'`「(（]{0,2}$/i;

const toldNow = /(?:\b(?:is|was|to|now)\s|[是为成叫用：:=「“]|一下\s?)["'`]?$/;

function isTold(between: string): boolean {
  if (
    between.length > 24 ||
    /fail|invalid|incorrect|expire|forg[eo]t|错|失败|过期|失效|忘|不能|无法/i.test(between)
  )
    return false;
  return /[\u4e00-\u9fff：:=]/.test(between) || /\b(?:is|was|to|as|now)\s+["'`]?$/i.test(between);
}

/** 「春天Spring3」: what is quoted, of Chinese and other characters. */
function quotedIn(sentence: string): Place | undefined {
  const quoted = /[「『“]([^「」『』“”\s]{6,32})[」』”]/.exec(sentence);
  const content = quoted?.[1] ?? "";
  const isSecret =
    /[\u4e00-\u9fff]/.test(content) && /[A-Za-z]/.test(content) && /\d/.test(content);
  return quoted && isSecret ? { at: quoted.index + 1, length: content.length } : undefined;
}

/** "m4ngo-Boat is the root pw", "Abc@12345 是跳板机的密码". */
function beforeNames(text: string): Span[] {
  return [...text.matchAll(reversed)].flatMap((match): Span[] => {
    const word = match[1] ?? "";
    const start = match.index + match[0].indexOf(word);
    const isStrong = passwordForm(word.replace(/[!?]+$/, "")) === "strong";
    return isStrong ? [{ start, end: start + word.length, kind: "prose", from: match.index }] : [];
  });
}

const reversed =
  /(?<!\S)["'`「]?([\x21-\x7e]{6,64}?)["'`」]?(?:\s(?:is|was|=|being)\s(?:now\s|still\s)?(?:the|our|my|its|his|her|their|a)\s(?:\w{1,16}\s){0,3}?(?:password|passwd|passphrase|pwd|pw)\b|\s?(?:就?是|作为|为)[^\n。，,]{0,20}?(?:密码|口令))/gi;

/** `minioadmin/Mnio@2004` behind an address, `elastic / …` behind a question for an account. */
function besideUsers(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(
    /(?<![\w/.\\@?&=%-])(?<![^\u4e00-\u9fff]:)[A-Za-z_][\w.@-]{1,31} ?[/／|] ?(?=([^\s/|／，。、；)）"'<>]{5,64})(?![/／]))/g,
  )) {
    const word = (match[1] ?? "").replace(/[.,;:]+$/, "");
    const form = passwordForm(word.replace(/[!?]+$/, ""));
    if (!form && !isMixed(word)) continue;
    if (form !== "strong" && !word.includes("@") && !/(?:密码|口令|pass|pw|creds?)/i.test(match[0]))
      continue;
    const before = text.slice(Math.max(0, match.index - 60), match.index);
    if (!accountWords.test(before)) continue;
    const start = match.index + match[0].length;
    spans.push({ start, end: start + word.length, kind: "prose", from: match.index });
  }
  return spans;
}

const accountWords =
  /账号|帐号|账户|登[录陆入]|控制台|后台|密码|口令|用户|凭据|管理端|\b(?:log ?in|sign ?in|accounts?|console|creds?|credentials?|password|pwd|pw|users?|admin)\b|https?:\/\/\S{3,}\s[^\n]{0,24}$|(?:\d{1,3}\.){3}\d{1,3}(?::\d{2,5})?\s[^\n]{0,24}$/i;

/** A row of an address, a user and what looks like a password, without a head. */
function inRows(text: string): Span[] {
  const spans: Span[] = [];
  for (let at = 0; at < text.length; ) {
    const end = endOfLine(text, at);
    const line = text.slice(at, Math.min(end, at + 1_024));
    if (isAddress.test(line)) spans.push(...inRow(line, at));
    at = end + 1;
  }
  return spans;
}

const isAddress = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|:\/\//;
const knownUser =
  /^(?:root|admin|administrator|sa|sys|system|ubuntu|centos|ec2-user|oracle|postgres|mysql|elastic|nacos|guest|ops|deploy|test|user|default|minioadmin|管理员)\d{0,3}$/i;

function inRow(line: string, at: number): Span[] {
  for (const separator of separatorsOf(line)) {
    const cells = cellsOf(line, separator);
    const index = cells.findIndex((cell, place) => {
      const user = cells[place - 1]?.text ?? "";
      if (!/^[A-Za-z_][\w.@\\-]{1,31}$/.test(user) || passwordForm(cell.text) === undefined)
        return false;
      return knownUser.test(user) || /[!@#$%^&*?~+]/.test(cell.text);
    });
    const cell = cells[index];
    if (
      cells.length < 3 ||
      !cell ||
      !cells.some((one, place) => place < index && isAddress.test(one.text))
    )
      continue;
    return [
      { start: at + cell.start, end: at + cell.start + cell.text.length, kind: "prose", from: at },
    ];
  }
  return [];
}

/** The codes that stand under "recovery codes". */
function listed(text: string): Span[] {
  return [
    ...text.matchAll(
      /(?:\b(?:recovery|backup|scratch|rescue|emergency|one-time) codes?\b|恢复码|备用(?:验证)?码|应急码|救援码)[^\n]{0,60}(?:\r?\n[ \t]{0,8}){1,2}(?=((?:(?:[-*•]|\d{1,2}[.):])?[ \t]{0,4}[A-Za-z0-9]{4,10}(?:[- ][A-Za-z0-9]{4,10}){0,3}[ \t]{0,8}(?:\r?\n|$)[ \t]{0,8}){1,20}))/gi,
    ),
  ].flatMap((match): Span[] => {
    const codes = match[1] ?? "";
    const start = match.index + match[0].length;
    const isCodes = codes.split("\n").every((line) => line.trim() === "" || /\d/.test(line));
    return isCodes
      ? [{ start, end: start + codes.trimEnd().length, kind: "prose", from: match.index }]
      : [];
  });
}
