import { ClientError } from "@resonance/client";
import { createContext, use } from "react";
import { en } from "./en.ts";
import type { Texts } from "./texts.ts";

export const TextsContext = createContext<Texts>(en);

/** The page's texts in the user's language. */
export function useTexts(): Texts {
  return use(TextsContext);
}

/** What to tell the user about a failure. */
export function failureText(texts: Texts, error: unknown): string {
  if (error instanceof ClientError) return texts.reasons[error.reason](error.limit);
  return texts.reasons.internal(undefined);
}
