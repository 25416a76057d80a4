import type { Language } from "../../language.ts";
import { asksNothing, isAboutOthers } from "./outside.ts";
import { noOrderText, notUnderstoodText, whichServiceText } from "./render/help.ts";
import type { Both } from "./render/phrases.ts";
import { orderIn } from "./restart-order.ts";
import { speaksOfRestart } from "./restart-word.ts";
import { servicesIn } from "./services.ts";
import { Utterance } from "./utterance.ts";
import { correctSpelling } from "./wording/spelling.ts";

/**
 * What is said where nothing is looked up: a word in return, the way to what was asked, or help.
 * `named` are the services that were spoken of.
 */
export function unknownText(
  asked: string,
  language: Language,
  named: readonly string[] = [],
): string {
  const spelt = correctSpelling(new Utterance(asked).rest);
  // Whoever orders a restart here has not said of which one.
  if (orderIn(spelt)) return whichServiceText(language, "restart", named);
  if (whoRestarted.test(asked)) return restartsAreKnown[language];
  if (asked.trim() === "" || asksNothing(asked) || isThere.test(asked))
    return atYourService[language];
  const service = servicesIn(spelt)[0]?.name;
  if (speaksOfRestart(spelt) && !isAboutOthers(spelt)) return noOrderText(language, service);
  return notUnderstoodText(asked, language, service);
}

const whoRestarted =
  /谁.{0,12}(?:重启|批准)|(?:重启|批准).{0,6}(?:是谁|的人)|\bwho\b.{0,24}\b(?:re-?start|reboot|bounce|approve)\w*/i;
const isThere =
  /^(?:(?:hello|hey|hi)[,.! ]+)?(?:are )?(?:you|u) (?:still )?(?:there|here|up|alive|awake)[?.! ]*$|^(?:你|机器人)?还?在(?:吗|么|不在?|嘛)?[?？。!！ ]*$/i;

const restartsAreKnown: Both = {
  zh: "经我提出的重启，`/proposals` 列出是谁申请、谁决定的；管理员用 `/audit` 可以看到每一步。进程自己退出又被拉起来的，可以问：「哪些服务重启过」。",
  en: 'Of restarts that were asked for here, `/proposals` lists who asked and who decided; administrators see each step with `/audit`. For processes that ended by themselves and were started again, ask: "how many restarts were there?".',
};

const atYourService: Both = {
  zh: "我在。要查什么直接问，例如「系统怎么样」；`/cancel` 停止我正在处理的问题，`/help` 列出我会的。",
  en: 'I am here. Ask when you need something, for example "is everything ok?"; `/cancel` stops a question that I am working on, `/help` lists what I can do.',
};
