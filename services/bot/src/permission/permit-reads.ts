import type { Database } from "@resonance/db";
import type { Username } from "@resonance/mq-proto";
import { durably } from "../durably.ts";
import type { Language } from "../language.ts";
import type { Permit } from "../loop/answer-call.ts";
import { findArtifactCall } from "../sql/artifacts.ts";
import { type Decision, may, type Target, targetOf } from "./may.ts";
import { circumstancesOf } from "./people.ts";
import type { Role } from "./policy.ts";
import type { PolicySource } from "./policy-file.ts";

/**
 * Lets a reading tool be called where the policy allows it for who asks, here, now. What was stored
 * of a result is read as what it was a result of: people come and go, and roles change. Waits for
 * the database.
 */
export function permitReads(deps: {
  readonly db: Database;
  readonly policy: PolicySource;
}): Permit {
  return async (call, definition, { requester, sessionId, language }, signal) => {
    const asked = { requester, sessionId };
    const use =
      call.name === "read_artifact"
        ? await durably(() => artifactUse(deps.db, call.input, asked), signal)
        : { tool: call.name, target: targetOf(call.input, definition) };
    // There is none, which the tool says.
    if (!use) return undefined;
    const circumstances = await durably(
      () => circumstancesOf(deps.db, requester, sessionId),
      signal,
    );
    if (!circumstances) {
      return language === "zh"
        ? `${requester} 已不是该会话的成员。`
        : `${requester} is no member of this conversation any more.`;
    }
    const decision = may(await deps.policy.current(), "read", use, circumstances);
    if (decision.allowed) return undefined;
    const who = { name: requester, role: circumstances.requester };
    return forbiddenText(decision, use.tool, who, language);
  };
}

/** Why a tool may not be used on something, as a sentence. */
function forbiddenText(
  decision: Extract<Decision, { allowed: false }>,
  tool: string,
  who: { readonly name: string; readonly role: Role },
  language: Language,
): string {
  const zh = language === "zh";
  const { needs } = decision;
  switch (decision.why) {
    case "group":
      return zh
        ? `看 ${tool} 的内容需要角色 ${needs}，而这里有人没有，请在与我的单独会话里问。`
        : `to see what ${tool} shows it takes the role ${needs}, which not everybody in this conversation has; ask in a chat alone with the bot.`;
    case "session":
      return zh ? `这个会话里不使用 ${tool}。` : `${tool} is not used in this conversation.`;
    case "bot":
      return zh ? `机器人无权使用 ${tool}。` : `the bot may not use ${tool}.`;
    case "role":
      if (needs === undefined) {
        return zh
          ? `策略不允许任何人这样使用 ${tool}。`
          : `the policy lets nobody use ${tool} on this.`;
      }
      return zh
        ? `这样使用 ${tool} 需要角色 ${needs}，而 ${who.name} 是 ${who.role}。`
        : `to use ${tool} on this it takes the role ${needs}, and ${who.name} is ${who.role}.`;
    default:
      return decision.why satisfies never;
  }
}

async function artifactUse(
  db: Database,
  input: unknown,
  { requester, sessionId }: { readonly requester: Username; readonly sessionId: string },
): Promise<{ readonly tool: string; readonly target: Target } | undefined> {
  const id: unknown = Reflect.get(Object(input), "id");
  if (typeof id !== "string") return undefined;
  const found = await findArtifactCall(db, { id, requester, sessionId });
  if (!found) return undefined;
  const properties = Object(found.input);
  return { tool: found.tool, target: targetOf(found.input, { inputSchema: { properties } }) };
}
