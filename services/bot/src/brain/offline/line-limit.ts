import { numberSource, parseNumber } from "./numbers.ts";
import type { Utterance } from "./utterance.ts";

const patterns: readonly RegExp[] = [
  new RegExp(
    `(?:最后|最近|最新|末尾|前|后|来|给我|看)?的?\\s*(${numberSource})\\s*[行条](?!消息|信息)(?:以内)?`,
  ),
  new RegExp(
    `\\b(?:the )?(?:last|latest|newest|most recent|first|final|tail)?\\s*(${numberSource})\\s+(?:log )?(?:lines?|entries|rows|records)\\b`,
    "i",
  ),
  /\b(?:last|latest|newest|most recent|top|first|recent)\s+(\d+)\s+(?=(?:\w+ )?(?:errors?|warnings?|logs?)\b)/i,
  /\b(?:last|latest|newest|first|top)\s+(\d+)(?:\s+(?:of them|only|please|ones|entries))?\s*[?.!]?$/i,
  /\b(\d+) of (?:them|those|these|the (?:latest|newest|last|most recent))\b/i,
  /\btail\s+(?:-n\s*|-)?(\d+)\b/i,
  /(?<=\btail(?:\s+(?:of|the|on|from|[a-z][a-z-]{2,}(?:'s)?|logs?)){1,3}[\s,:]+)-?(\d+)(?!\s*(?:m|h|d|s|min\w*|hours?|hrs?|days?|sec\w*|分|小时|天|:\d\d)\b)\b/i,
  /(?:^|\s)-n\s*(\d+)\b/i,
];

/** Takes the number of lines that are wanted. */
export function takeLineLimit(utterance: Utterance): number | undefined {
  for (const pattern of patterns) {
    const limit = utterance.takeIf(pattern, ([, count]) => parseNumber(count ?? ""));
    if (limit !== undefined && limit >= 1) return Math.floor(limit);
  }
  return undefined;
}
