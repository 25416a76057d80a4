export type Language = "zh" | "en";

/** The language to answer in: Chinese as soon as one Chinese character is in the text. */
export function languageOf(text: string): Language {
  return /\p{Script=Han}/u.test(text) ? "zh" : "en";
}
