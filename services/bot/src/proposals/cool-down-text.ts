import type { Database } from "@resonance/db";
import type { Language } from "../language.ts";
import type { Policy } from "../permission/policy.ts";
import { findMsSinceBegun } from "../sql/proposals.ts";

/** Why it is too soon after the last time, or undefined. */
export async function coolDownText(
  deps: { readonly db: Database },
  policy: Policy,
  targetId: string,
  language: Language,
): Promise<string | undefined> {
  const begunForMs = await findMsSinceBegun(deps.db, targetId);
  if (begunForMs === undefined) return undefined;
  const minutes = begunForMs / 60_000;
  if (minutes >= policy.coolDownMinutes) return undefined;
  const left = Math.ceil(policy.coolDownMinutes - minutes);
  const ago = Math.round(minutes);
  return language === "zh"
    ? `${targetId} 在 ${ago} 分钟前刚重启过，${left} 分钟后才可以再次重启。`
    : `${targetId} was restarted ${ago} min ago; it can be again in ${left} min.`;
}
