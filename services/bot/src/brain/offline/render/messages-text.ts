import type { PanelReading, Window } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { isOneDay } from "./phrases.ts";

/** How many messages were sent, and by whom: of a window that reaches up to the question. */
export function messagesText(
  reading: Extract<PanelReading, { kind: "messages" }>,
  language: Language,
): string {
  const { total, fromPeople, fromBots, fromSystem } = reading;
  return language === "zh"
    ? `**${total}** 条消息，包括这个问题本身（用户 ${fromPeople} · 机器人 ${fromBots} · 系统 ${fromSystem}）。`
    : `**${total}** ${total === 1 ? "message" : "messages"}, this question included (people ${fromPeople} · bots ${fromBots} · system ${fromSystem}).`;
}

/** The question itself is no message of a day that is over. */
export function upToNow(text: string, window: Window): string {
  return isOneDay(window) ? withoutQuestion(text) : text;
}

export function withoutQuestion(text: string): string {
  return text.replace("，包括这个问题本身", "").replace(", this question included", "");
}
