import { fitAnswer } from "../fit-answer.ts";
import type { Language } from "../language.ts";
import { withoutCards } from "../proposals/card.ts";
import { withoutRemote } from "./without-remote.ts";

const contentMaxBytes = 64_000;
/** Where the hosts of links make it too long, so much of an answer is shown: a host is in its link. */
const crowdedMaxBytes = 30_000;

/** An answer as it is sent: it fits a message, loads nothing, and is no card. */
export function presentAnswer(text: string, language: Language): string {
  const whole = withoutRemote(withoutCards(fitAnswer(text, language)));
  if (Buffer.byteLength(whole) <= contentMaxBytes) return whole;
  return withoutRemote(withoutCards(fitAnswer(text, language, crowdedMaxBytes)));
}
