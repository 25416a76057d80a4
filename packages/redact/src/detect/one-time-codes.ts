import type { Span } from "../span.ts";
import { secretsIn } from "./matches.ts";

/** Codes that let somebody in once, as messages word them: the number comes first, or its use. */
export function findOneTimeCodes(text: string): Span[] {
  return patterns.flatMap(([needle, pattern]) =>
    needle.test(text) ? secretsIn(text, pattern, "prose") : [],
  );
}

const digits = String.raw`\d{3}[- ]\d{3,4}|\d{4,8}`;
const device = String.raw`[A-Z0-9]{4}-[A-Z0-9]{4}|(?=[A-Z]{0,11}\d)[A-Z0-9]{6,12}`;
const otherCodes =
  "exit|status|error|return|response|reason|result|country|area|postal|zip|promo|discount|coupon|product|item|order|class|source|byte|key|char|language|currency|airport|color|colour|bar|qr";

const patterns: readonly (readonly [needle: RegExp, pattern: RegExp])[] = [
  [
    / is (?:your|the) /i,
    new RegExp(
      String.raw`(?<![\w.:/-])(?:[A-Z]{1,3}-)?(?=(?:${digits}) is (?:your|the) [^\n.,;]{0,40}?\b(?<!(?:${otherCodes}) )(?:code|otp|passcode|pin|one-time password)\b)(${digits})`,
      "gi",
    ),
  ],
  [
    /\b(?:use|enter|type|input) /i,
    new RegExp(
      String.raw`\b(?:use|enter|type|input) (?:the |this |your )?(?:(?:verification |security |login |one-time )?(?:code|otp|pin|passcode):? )?(?=(?:${digits}) (?:to (?:verify|confirm|sign[ -]?in|log[ -]?in|authenticate|complete|finish)|for (?:[\w-]{1,20} ){0,2}(?:verification|2fa|mfa|sign-?in)|as (?:[\w-]{1,20} ){0,3}(?<!(?:${otherCodes}) )(?:code|otp|passcode))\b)(${digits})`,
      "gi",
    ),
  ],
  [
    /\bcode /i,
    new RegExp(
      String.raw`\b[Ee]nter (?:the |this |your )?(?:user |device )?code:? (?=(?:${device}) (?:to|at|on|in|when)\b)(${device})`,
      "g",
    ),
  ],
  [
    /\byour\b/i,
    new RegExp(
      String.raw`\byour (?:[\w.'&-]{1,20} ){0,3}?(?<!(?:${otherCodes}) )(?:code|otp|passcode)(?: is|:)\s{1,2}(${digits})(?![\w-])`,
      "gi",
    ),
  ],
  [/ #\d/, /(?<=(?:^|\n)@[\w.-]{3,80}\.[a-z]{2,12} #)(\d{4,8})(?=\s|$)/g],
  [
    /[验校确激动][证验认活态]/,
    /(?<![\w.:/-])(\d{4,8})(?=\s?(?:[（(]|是|为|就是|作为)(?:您|你|本次)?的?[\u4e00-\u9fff]{0,8}?(?:验证码|校验码|动态码|动态密码|激活码|确认码))/g,
  ],
  [
    /校验码|动态密码|激活码|确认码/,
    /(?:校验码|动态密码|激活码|确认码)(?:是|为|[:：])\s?(\d{4,8})(?![\w.-])/g,
  ],
];
