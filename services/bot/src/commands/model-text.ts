import type { BrainPort } from "../brain/model-port.ts";
import type { Language } from "../language.ts";

/** Which brain answers, and whether what it is told leaves the house. */
export function modelText(
  { name, model, reach }: Pick<BrainPort, "name" | "model" | "reach">,
  language: Language,
): string {
  const zh = language === "zh";
  if (name === "offline") {
    return zh
      ? "没有配置大模型：我按固定规则理解问题，任何内容都不会离开这里。"
      : "No language model is configured: I understand questions by fixed rules, and nothing leaves this system.";
  }
  const place = { zh: { local: "本地", cloud: "云端" }, en: { local: "local", cloud: "cloud" } };
  return zh
    ? `现在使用的大模型：\`${model}\`（${name}，${place.zh[reach]}）。`
    : `The language model is \`${model}\` (${name}, ${place.en[reach]}).`;
}
