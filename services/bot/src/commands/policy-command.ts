import type { Database } from "@resonance/db";
import { type BoundaryDeps, policyOf } from "../boundary/boundary.ts";
import { type DataPolicy, dataPolicies, isStricter } from "../boundary/session-policy.ts";
import type { Language } from "../language.ts";
import type { Question } from "../question.ts";
import { saveDataPolicy } from "../sql/data-policies.ts";

export type PolicyDeps = Pick<BoundaryDeps, "defaultPolicy"> & { readonly db: Database };

/**
 * `/policy` says what of the session may leave the house, `/policy local` changes it. In a group
 * anybody may make it stricter, and nobody may make it looser: the others have spoken under it.
 */
export async function policyCommand(deps: PolicyDeps, question: Question): Promise<string> {
  const { sessionId, language, from } = question;
  const [, wanted] = question.text.trim().toLowerCase().split(/\s+/);
  const current = await policyOf(deps, sessionId);
  if (wanted === undefined) return `${meaning[language][current]}\n\n${choices[language]}`;
  const policy = dataPolicies.find((one) => one === wanted);
  if (!policy) return choices[language];
  const isGroup = !sessionId.startsWith("single:");
  if (isGroup && isStricter(current, policy)) return noLooser[language];
  await saveDataPolicy(deps.db, { sessionId, policy, by: from });
  return meaning[language][policy];
}

const meaning = {
  en: {
    cloud: "**cloud**: what is said here may go to a model outside, without secrets.",
    pseudonyms:
      "**pseudonyms**: what is said here may go to a model outside, without secrets and with other names for hosts, addresses and accounts.",
    local: "**local**: nothing of this session leaves the house.",
  },
  zh: {
    cloud: "**cloud**：这里的内容可以发给外部模型，密钥和密码会先去掉。",
    pseudonyms:
      "**pseudonyms**：这里的内容可以发给外部模型，密钥和密码会先去掉，主机、地址和账号换成代称。",
    local: "**local**：这个会话的内容不会离开本地。",
  },
} as const satisfies Record<Language, Record<DataPolicy, string>>;

const choices = {
  en: "Change it with `/policy cloud`, `/policy pseudonyms` or `/policy local`.",
  zh: "用 `/policy cloud`、`/policy pseudonyms` 或 `/policy local` 来更改。",
} as const satisfies Record<Language, string>;

const noLooser = {
  en: "In a group the policy can only be made stricter: others have spoken under it.",
  zh: "群聊里只能改得更严格：其他人已经按现在的策略发过言。",
} as const satisfies Record<Language, string>;
