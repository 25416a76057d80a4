import type { Language } from "./language.ts";

/** Why there is no answer. */
export type Failure = "timed_out" | "failed";

/** What the asker is told when no answer could be found; the log has the rest under this id. */
export function failureText(
  failure: Failure,
  language: Language,
  details: { readonly correlationId: string; readonly deadlineMs: number },
): string {
  const { correlationId } = details;
  const seconds = Math.round(details.deadlineMs / 1_000);
  switch (failure) {
    case "timed_out":
      return language === "zh"
        ? `抱歉，${seconds} 秒内没能得出答案，已停止处理。请缩小范围后再试（编号 ${correlationId}）。`
        : `Sorry, I found no answer within ${seconds} s and stopped. Please try again with a narrower question (reference ${correlationId}).`;
    case "failed":
      return language === "zh"
        ? `抱歉，处理这个问题时出了错。请稍后再试；如果还不行，请把编号 ${correlationId} 告诉管理员。`
        : `Sorry, something went wrong while I worked on this. Please try again later; if it stays, give the reference ${correlationId} to an administrator.`;
    default:
      return failure satisfies never;
  }
}
