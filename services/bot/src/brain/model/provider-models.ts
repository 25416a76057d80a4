import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import { plainFetch } from "./plain-fetch.ts";

export type ModelAddress = {
  readonly model: string;
  /** With the version in its path: `https://api.anthropic.com/v1`, `http://localhost:11434/v1`. */
  readonly url: string;
  /** Empty: none is sent. */
  readonly key: string;
};

/** Where Claude is. */
export const anthropicUrl = "https://api.anthropic.com/v1";

export function anthropicModel({ model, url, key }: ModelAddress): LanguageModelV4 {
  return createAnthropic({ baseURL: url, apiKey: key, fetch: plainFetch })(model);
}

export function compatibleModel({ model, url, key }: ModelAddress): LanguageModelV4 {
  return createOpenAICompatible({
    name: "compatible",
    baseURL: url,
    ...(key === "" ? {} : { apiKey: key }),
    includeUsage: true,
    fetch: plainFetch,
  })(model);
}
