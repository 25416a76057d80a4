import type { BrainErrorKind } from "./brain/model-port.ts";
import type { Language } from "./language.ts";

/** Why there is no answer, or no whole one. */
export type Failure = BrainErrorKind | "deadline" | "cancelled";

/** What the asker is told when there is no answer; the log has the rest under the id. */
export function failureText(
  failure: Failure,
  language: Language,
  details: { readonly correlationId: string; readonly deadlineMs: number },
): string {
  const sentence = sentences[failure][language](Math.round(details.deadlineMs / 1_000));
  // Nothing has gone wrong that anybody could look up.
  if (failure === "cancelled") return sentence;
  const { correlationId } = details;
  return language === "zh"
    ? `${sentence}（编号 ${correlationId}）`
    : `${sentence} (reference ${correlationId})`;
}

/** What was said before it broke off, followed by why it did. */
export function withPartialText(partial: string, failure: string, language: Language): string {
  if (partial.trim() === "") return failure;
  const note = language === "zh" ? "回答到这里中断了。" : "The answer breaks off here.";
  return `${partial.trimEnd()} …\n\n_${note}_ ${failure}`;
}

type Sentence = { readonly [Tongue in Language]: (deadlineSeconds: number) => string };

const sentences = {
  busy: {
    zh: () =>
      "抱歉，大模型服务现在太忙，重试了几次都没有成功。请过几分钟再问；`/diagnose`、`/logs gateway` 这样的命令不需要它，现在就能用。",
    en: () =>
      "Sorry, the language model is too busy right now, and several tries did not help. Please ask again in a few minutes; commands such as `/diagnose` and `/logs gateway` work without it now.",
  },
  too_long: {
    zh: () =>
      "抱歉，这次对话和查到的内容太长，大模型放不下。请用 /clear 重新开始，或者把问题缩小。",
    en: () =>
      "Sorry, this conversation and what I found are too long for the language model. Start afresh with /clear, or ask for less at once.",
  },
  key_problem: {
    zh: () =>
      "抱歉，大模型服务不接受这里配置的密钥。请管理员检查密钥和权限；命令（/help）不受影响。",
    en: () =>
      "Sorry, the language model's provider does not accept the key that is configured here. An administrator has to check it; commands (/help) work all the same.",
  },
  timed_out: {
    zh: () =>
      "抱歉，大模型太久没有回应，我不再等它了。`/diagnose`、`/logs gateway` 这样的命令不需要它，现在就能用；要它回答，请稍后再问，或者把问题缩小。",
    en: () =>
      "Sorry, the language model took too long to respond, so I stopped waiting. Commands such as `/diagnose` and `/logs gateway` work without it now; for its answer, ask again later, or for less at once.",
  },
  refused: {
    zh: () => "大模型拒绝回答这个问题。请换一种问法，或者用命令直接查询（/help）。",
    en: () =>
      "The language model declined to answer this. Please put it another way, or use a command (/help).",
  },
  offline: {
    zh: () =>
      "抱歉，现在连不上大模型服务。`/diagnose`、`/logs gateway` 这样的命令（`/help` 列出全部）不需要它，照常可用。",
    en: () =>
      "Sorry, the language model cannot be reached right now. Commands such as `/diagnose` and `/logs gateway` work without it; `/help` lists them all.",
  },
  budget: {
    zh: () => "大模型的使用额度已经用完，所以我停下了。额度恢复之前可以用命令查询（/help）。",
    en: () =>
      "The budget for the language model is used up, so I stopped here. Until it is renewed, commands (/help) work.",
  },
  failed: {
    zh: () => "抱歉，处理这个问题时出了错。请稍后再试；如果还不行，请把编号告诉管理员。",
    en: () =>
      "Sorry, something went wrong while I worked on this. Please try again later; if it stays, give the reference to an administrator.",
  },
  deadline: {
    zh: (seconds) =>
      `抱歉，${seconds} 秒内没能得出答案，已停止处理。请缩小范围后再试，或者用 \`/diagnose\`、\`/logs gateway\` 这样的命令直接查。`,
    en: (seconds) =>
      `Sorry, I found no answer within ${seconds} s and stopped. Please try again with a narrower question, or look directly with commands such as \`/diagnose\` and \`/logs gateway\`.`,
  },
  cancelled: {
    zh: () => "已按你的要求停止。",
    en: () => "Stopped, as you asked.",
  },
} as const satisfies Record<Failure, Sentence>;
