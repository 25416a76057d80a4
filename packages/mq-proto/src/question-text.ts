import { mentionPattern, type Username } from "./ids.ts";

/** A language that bots answer in. */
export type Language = "zh" | "en";

/**
 * The language to answer in: Chinese as soon as one Chinese character is in the text, English for
 * what kana or hangul show to be Japanese or Korean.
 */
export function languageOf(text: string): Language {
  return /\p{Script=Han}/u.test(text) && !kanaOrHangul.test(text) ? "zh" : "en";
}

const kanaOrHangul = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** What is asked of a bot, without the mention that calls it in a group. */
export function withoutMention(content: string, bot: Username): string {
  const mention = new RegExp(`${mentionPattern(bot)}[,:，：]?\\s*`, "giu");
  return content.replaceAll(mention, "$1").trim();
}

const longestCommand = 16;

/** The command that a question begins with, such as `/cancel`, in lower case; empty for none. */
export function commandOf(question: string): string {
  const [word = ""] = question.normalize("NFKC").trim().split(/\s/, 1);
  return word.startsWith("/") ? word.toLowerCase().slice(0, longestCommand) : "";
}
