import type { Language } from "../../language.ts";
import type { Question } from "../../question.ts";

/**
 * What the model has to know of this question alone. It stands behind the question, not in the
 * system prompt, so that the prompt before it stays the same for every question. Who asks is left
 * out: no name is to leave the house this way.
 *
 * @param timeZone as IANA names it
 */
export function questionContextIn(timeZone: string): (question: Question) => string {
  // The Swedish way of writing a time is the international one.
  const times = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  const weekdays = new Intl.DateTimeFormat("en-US", { timeZone, weekday: "long" });
  return ({ askedUntilMs, language }) => {
    const at = new Date(askedUntilMs - 1);
    return (
      `[Asked at ${at.toISOString().slice(0, 19)}Z, which in ${timeZone} is ` +
      `${weekdays.format(at)}, ${times.format(at)}. Answer in ${languageNames[language]}.]`
    );
  };
}

const languageNames = { en: "English", zh: "Chinese" } as const satisfies Record<Language, string>;
