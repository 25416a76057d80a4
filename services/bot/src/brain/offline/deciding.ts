import type { Language } from "../../language.ts";
import type { Both } from "./render/phrases.ts";
import { isTakenBack } from "./taking-back.ts";

/**
 * What is said to a "yes" or "never mind" that follows an order to restart: nothing is decided by
 * it, and where it is. Undefined for a text that says something else.
 */
export function decisionText(text: string, language: Language): string | undefined {
  return isTakenBack(text) || zhDecision.test(text) || enDecision.test(text)
    ? howToDecide[language]
    : undefined;
}

const zhDecision =
  /^(?:我|那|就|先|请|帮我|直接)*(?:好的?|可以|行|嗯+|是的?|对|同意|批准|确认|通过|允许|执行|拒绝|驳回|否决|取消|撤销|不要|不用|别|先别|停止?)(?:重启|提案|它|这个|那个|这次|吧|了|啊|呀|的)*[。！!,， ]*$/;
const enDecision =
  /^(?:(?:yes|yep|yeah|ok(?:ay)?|sure|no|nope|nah|please|i|we|go ahead|do(?:n't)?|do not|it's|approve[ds]?|confirm(?:ed)?|agree[ds]?|accept(?:ed)?|reject(?:ed)?|deny|denied|decline[ds]?|cancel|abort|stop|execute)\b[,.! ]*)+(?:(?:it|that|this|(?:the |this |that )?(?:re-?start|proposal|request|card)(?:ing)?|please|now)\b[,.! ]*)*$/i;

const howToDecide: Both = {
  zh: "这由聊天里卡片上的按钮决定，或者发 `/approve 编号`、`/reject 编号`：我不会从一句话里替谁决定。等待决定的提案用 `/proposals` 查看。",
  en: "That is decided by the buttons of its card in the chat, or by `/approve ID` and `/reject ID`: I take no decision from a sentence. `/proposals` lists what waits for one.",
};
