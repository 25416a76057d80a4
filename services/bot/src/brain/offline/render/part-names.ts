import type { Language } from "../../../language.ts";
import type { Both } from "./phrases.ts";

/** A part of the messaging system's status, by the name that Logic gives it. */
export function partName(name: string, language: Language): string {
  return names[name.replaceAll(" ", "_")]?.[language] ?? name;
}

const names: Readonly<Record<string, Both>> = {
  presence: { zh: "在线用户", en: "presence" },
  messages: { zh: "发送速率", en: "messages" },
  outbox: { zh: "发件箱", en: "outbox" },
  dead_letters: { zh: "死信", en: "dead letters" },
  database: { zh: "数据库", en: "database" },
  stream: { zh: "消息队列", en: "stream" },
  bot_runs: { zh: "机器人问答", en: "bot runs" },
};
