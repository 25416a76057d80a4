import type { Language } from "../language.ts";
import type { BrainPort } from "./model-port.ts";
import { offlineBrain } from "./offline/offline-brain.ts";
import { noModel } from "./offline/render/help.ts";

/** Why rules answer though a model is configured, and what to do about it. */
export const noLocalModel = {
  zh: "这个会话设为只在本地处理（`/policy local`），而配置的大模型在云端，没有本地大模型：我按固定规则理解问题。要在这里使用大模型，请把 `RESONANCE_FALLBACK_BRAIN=openai-compatible` 和 `RESONANCE_FALLBACK_MODEL`、`RESONANCE_FALLBACK_MODEL_URL` 指向一个本地的大模型，或用 `/policy pseudonyms` 改变这个会话的策略。",
  en: "This conversation stays in the house (`/policy local`), the language model that is configured is outside, and no local one is configured: I understand questions by fixed rules. To use a model here, point `RESONANCE_FALLBACK_BRAIN=openai-compatible` with `RESONANCE_FALLBACK_MODEL` and `RESONANCE_FALLBACK_MODEL_URL` at a local one, or change this conversation's policy with `/policy pseudonyms`.",
} as const satisfies Record<Language, string>;

/** The rules where a session may not use the model that there is: they say so, not that there is none. */
export const localOnlyRules: BrainPort = {
  ...offlineBrain,
  async next(request, signal) {
    const step = await offlineBrain.next(request, signal);
    const { language } = request.question;
    const text = step.text.replace(noModel[language], `_${noLocalModel[language]}_`);
    return { ...step, text };
  },
};
