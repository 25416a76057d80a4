import type { Span } from "../span.ts";
import { secretsIn } from "./matches.ts";
import { shannonBits } from "./value-kind.ts";

/**
 * Seeds of one-time passwords: in base32, whole or in groups as a person types them, in the
 * neighbourhood of what names them; and in hex as `oathtool` and its files have them.
 */
export function findOneTimeSeeds(text: string): Span[] {
  return [
    ...secretsIn(
      text,
      solid,
      "assignment",
      (seed, { index }) => isSeed(seed) && isNamed(text, index, seed),
    ),
    ...secretsIn(
      text,
      grouped,
      "assignment",
      (seed, { index }) => isSpelled(seed) && isNamed(text, index, seed),
    ),
    ...secretsIn(
      text,
      /\b(?:HOTP|TOTP|oathtool)\b[^\n|;]{0,100}?[ \t"'=]([\da-f]{20,128})(?![\w-])/gi,
      "assignment",
    ),
  ];
}

const solid = /(?<![\w+/-])(?:[A-Z2-7]{16,128}|[a-z2-7]{16,64})={0,6}(?![\w+/-])/g;
const grouped =
  /(?<![\w+/-])(?:(?:[A-Z2-7]{4}[ -]){3,31}[A-Z2-7]{2,4}|(?:[a-z2-7]{4}[ -]){3,31}[a-z2-7]{2,4})(?![\w+/])/g;
const naming =
  /authenticator|authy|[2m]fa\b|[ht]otp|\botp\b|\boath|two[- ]?(?:factor|step)|2[- ]?step|set-?up key|manual (?:entry|key)|can(?:'|no)t scan|base32|rotp|验证器|两步|双因[素子]|双重|二次验证|动态(?:口令|密码|码)|扫(?:码|描)|种子|令牌密钥/i;
const charactersBefore = 120;
const charactersBehind = 60;

function isNamed(text: string, at: number, seed: string): boolean {
  const end = at + seed.length;
  return (
    naming.test(text.slice(Math.max(0, at - charactersBefore), at)) ||
    naming.test(text.slice(end, end + charactersBehind))
  );
}

/** Neither a word nor an id: letters and digits of base32 mixed, or letters that nobody can say. */
function isSeed(run: string): boolean {
  const digits = run.match(/\d/g)?.length ?? 0;
  if (/^[\da-f=]+$/.test(run)) return false;
  if (digits === 0) return /^[A-Z=]+$/.test(run) && isUnsaid(run.replaceAll("=", ""));
  return digits * 2 < run.length && digits >= (/[a-z]/.test(run) ? 2 : 1) && shannonBits(run) > 2.8;
}

/** Groups of four of which many have a digit among their letters, or no vowel. */
function isSpelled(run: string): boolean {
  const groups = run.split(/[ -]/);
  const odd = groups.filter((group) => /[a-z]\d|\d[a-z]/i.test(group) || isUnsaid(group)).length;
  return odd * 3 >= groups.length && odd >= 2 && /\d/.test(run);
}

function isUnsaid(letters: string): boolean {
  const vowels = letters.match(/[aeiouy]/gi)?.length ?? 0;
  return /^[a-z]+$/i.test(letters) && vowels * 4 < letters.length;
}
