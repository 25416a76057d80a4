import type { PanelReading } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";

/** How many messages were sent, and by whom; of a window up to now the very question is one. */
export function messagesText(
  reading: Extract<PanelReading, { kind: "messages" }>,
  isUpToNow: boolean,
  language: Language,
): string {
  const { total, fromPeople, fromBots, fromSystem } = reading;
  if (language === "zh") {
    const question = isUpToNow ? "，包括这个问题本身" : "";
    return `**${total}** 条消息${question}（用户 ${fromPeople} · 机器人 ${fromBots} · 系统 ${fromSystem}）。`;
  }
  const question = isUpToNow ? ", this question included" : "";
  return `**${total}** ${total === 1 ? "message" : "messages"}${question} (people ${fromPeople} · bots ${fromBots} · system ${fromSystem}).`;
}
