import type { Environment } from "./config.ts";

export type Language = "en" | "zh";

/** The terminal's language, by the order POSIX gives the variables. */
export function terminalLanguage(environment: Environment): Language {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || "";
  return /^zh/i.test(locale) ? "zh" : "en";
}
