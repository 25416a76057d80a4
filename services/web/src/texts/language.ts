import { en } from "./en.ts";
import type { Language, Texts } from "./texts.ts";
import { zh } from "./zh.ts";

/** The first of the browser's languages that the page speaks; English if there is none. */
export function chooseLanguage(languages: readonly string[]): Language {
  for (const language of languages) {
    const [primary] = language.toLowerCase().split("-");
    if (primary === "zh" || primary === "en") return primary;
  }
  return "en";
}

export const textsOf = { en, zh } as const satisfies Record<Language, Texts>;
