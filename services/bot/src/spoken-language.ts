import { serviceNames } from "@resonance/ops-mcp";
import { type Language, languageOf } from "./language.ts";
import type { EarlierQuestion } from "./question.ts";
import type { Run } from "./runs/run.ts";

/**
 * The language to answer a question in. What is said in none, as a command or the bare name of a
 * service, is answered as its asker last spoke.
 */
export function spokenLanguage(
  { command, language }: Pick<Run, "command" | "language">,
  text: string,
  spokenBefore: readonly EarlierQuestion[],
): Language {
  if (language === "zh" || (command === "" && !isInNoLanguage(text))) return language;
  const last = spokenBefore.findLast((before) => !isInNoLanguage(before.text));
  return last === undefined ? language : languageOf(last.text);
}

const names: readonly string[] = Object.values(serviceNames).flat();
// Units, and what is written alike in both languages.
const terms = /^(?:p|x{2}|cpu|qps|tps|oom|pods?|ms|s|m|h|d|min)$/;

function isInNoLanguage(text: string): boolean {
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text)) {
    return false;
  }
  const words = text.toLowerCase().match(/[a-z]+(?:-[a-z]+)*/g) ?? [];
  return words.every((word) => names.includes(word) || terms.test(word));
}
