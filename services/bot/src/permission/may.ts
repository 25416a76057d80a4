import type { ToolDefinition } from "../tools/tool-source.ts";
import { type Policy, type Role, roles } from "./policy.ts";

export type Action = "read" | "propose" | "approve";

/** What a tool is to be used on. Undefined where it is not said, which means everything there is. */
export type Target = {
  readonly service: string | undefined;
  readonly namespace: string | undefined;
};

/** Who asks, where, and who else is listening. */
export type Circumstances = {
  readonly requester: Role;
  readonly sessionId: string;
  /** The roles of all people in the session, the requester's too. */
  readonly present: readonly Role[];
};

export type Decision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      /**
       * `role`: the requester's is too low. `group`: the requester's would do, but not everybody's
       * who would read the answer. `session`, `bot`: it is not done here, or not by the bot at all.
       */
      readonly why: "role" | "group" | "session" | "bot";
      /** The least role that may, if any may. */
      readonly needs: Role | undefined;
    };

/**
 * Whether a tool may be used: what the requester may, and the session, and the bot, all at once.
 * What a group is answered is what the least of those who read it may see.
 */
export function may(
  policy: Policy,
  action: Action,
  use: { readonly tool: string; readonly target: Target },
  circumstances: Circumstances,
): Decision {
  const { requester, sessionId, present } = circumstances;
  const needs = leastRole(policy, action, use);
  const refuse = (why: "role" | "group" | "session" | "bot"): Decision => ({
    allowed: false,
    why,
    needs,
  });
  if (!matches(policy.bot.tools, use.tool)) return refuse("bot");
  const session = policy.sessions[sessionId];
  if (session && !matches(session.tools, use.tool)) return refuse("session");
  if (needs === undefined || rank(requester) < rank(needs)) return refuse("role");
  // A decision shows nothing; what is looked at or proposed is read by everybody here.
  if (action !== "approve" && present.some((role) => rank(role) < rank(needs))) {
    return refuse("group");
  }
  return { allowed: true };
}

/** Whether the requester of a change may not be the one who lets it happen. */
export function needsFourEyes(policy: Policy, tool: string, target: Target): boolean {
  return policy.fourEyes.some((rule) => matches(rule.tools, tool) && covers(rule, target, "some"));
}

/** Why nothing is to be changed at this time, or undefined. */
export function frozenBecause(policy: Policy, nowMs: number): string | undefined {
  return policy.freeze.find(
    ({ from, until }) => Date.parse(from) <= nowMs && nowMs < Date.parse(until),
  )?.reason;
}

/**
 * What a call is about, by the arguments that its tool reads: others may say what they like, the
 * tool passes over them. A query of the model's own reads whatever it names, so it is everything.
 */
export function targetOf(
  input: unknown,
  { inputSchema }: Pick<ToolDefinition, "inputSchema">,
): Target {
  const { properties } = inputSchema;
  const given = new Map(Object.entries(input ?? {}));
  const declared = new Set(Object.keys(properties ?? {}));
  const named = (...keys: string[]) =>
    keys
      .filter((key) => declared.has(key))
      .map((key) => given.get(key))
      .find((value): value is string => typeof value === "string" && value !== "");
  if (named("query") !== undefined) return { service: undefined, namespace: undefined };
  return {
    service: named("service", "workload", "target", "pod", "name"),
    namespace: named("namespace"),
  };
}

function leastRole(
  policy: Policy,
  action: Action,
  { tool, target }: { readonly tool: string; readonly target: Target },
): Role | undefined {
  const granted = policy[action].filter(
    (grant) => matches(grant.tools, tool) && covers(grant, target, "all"),
  );
  return roles.find((role) => granted.some((grant) => grant.role === role));
}

/**
 * Whether a rule is about a target. One that names nothing is everything there is: a grant has to
 * cover all of it, and a restriction holds for it as soon as it holds for some of it.
 */
function covers(
  rule: { readonly services: readonly string[]; readonly namespaces: readonly string[] },
  { service, namespace }: Target,
  unnamed: "all" | "some",
): boolean {
  const holds = (patterns: readonly string[], name: string | undefined) =>
    name === undefined ? unnamed === "some" || patterns.includes("*") : matches(patterns, name);
  return holds(rule.services, service) && holds(rule.namespaces, namespace);
}

function matches(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}

function rank(role: Role): number {
  return roles.indexOf(role);
}
