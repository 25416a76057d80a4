import type { Texts } from "../texts/texts.ts";

const begun = /^(.+) 开始了与你的对话$/su;
const grouped = /^(.+) 创建了群聊「(.*)」$/su;

/** A message of the system in the reader's language: the wire has these sentences in Chinese. */
export function systemText(content: string, texts: Texts): string {
  const [, starter] = begun.exec(content) ?? [];
  if (starter !== undefined) return texts.messages.begun(starter);
  const [, creator, group] = grouped.exec(content) ?? [];
  if (creator !== undefined) return texts.messages.grouped(creator, group ?? "");
  return content;
}
