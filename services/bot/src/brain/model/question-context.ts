import type { Language } from "../../language.ts";
import type { Question } from "../../question.ts";

/**
 * What the model has to know of this question alone. It stands behind the question, not in the
 * system prompt, so that the prompt before it stays the same for every question. Who asks is left
 * out: no name is to leave the house this way.
 */
export function questionContext(question: Question, timeZone: string): string {
  const at = new Date(question.askedUntilMs - 1);
  // The Swedish way of writing a time is the international one.
  const local = at.toLocaleString("sv-SE", { timeZone });
  const weekday = at.toLocaleDateString("en-US", { timeZone, weekday: "long" });
  return (
    `[Asked at ${at.toISOString().slice(0, 19)}Z, which in ${timeZone} is ` +
    `${weekday}, ${local}. Answer in ${languageNames[question.language]}.]`
  );
}

const languageNames = { en: "English", zh: "Chinese" } as const satisfies Record<Language, string>;
