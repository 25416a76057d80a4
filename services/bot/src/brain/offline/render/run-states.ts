import type { Language } from "../../../language.ts";
import type { Both } from "./phrases.ts";

/** How far a question to the bot has come, by the name that its row has. */
export function runStateText(state: string, language: Language): string {
  return states[state]?.[language] ?? state;
}

/** Why a question has no answer, by the name that its row has. */
export function runFailureText(failure: string, language: Language): string {
  return failures[failure]?.[language] ?? failure;
}

const states: Readonly<Record<string, Both>> = {
  queued: { zh: "排队中", en: "queued" },
  running: { zh: "进行中", en: "running" },
  answered: { zh: "已回答", en: "answered" },
  failed: { zh: "失败", en: "failed" },
  ignored: { zh: "未受理", en: "ignored" },
  cancelled: { zh: "已取消", en: "cancelled" },
};

const failures: Readonly<Record<string, Both>> = {
  busy: { zh: "大模型太忙", en: "model too busy" },
  too_long: { zh: "内容太长", en: "too long" },
  key_problem: { zh: "密钥有问题", en: "problem with the key" },
  timed_out: { zh: "大模型超时", en: "model timed out" },
  refused: { zh: "大模型拒绝", en: "model refused" },
  offline: { zh: "大模型连不上", en: "model not reached" },
  budget: { zh: "额度用完", en: "budget used up" },
  failed: { zh: "出错", en: "error" },
  deadline: { zh: "超过时限", en: "deadline passed" },
  cancelled: { zh: "按要求停止", en: "stopped as asked" },
  not_taken: { zh: "回答没能发出", en: "answer not taken" },
  no_worker: { zh: "机器人不在运行", en: "bot not running" },
};
