import type { Database } from "@resonance/db";
import { BrainError, type BrainPort } from "../brain/model-port.ts";
import { durably } from "../durably.ts";
import type { Run } from "../runs/run.ts";
import { sumUsed, type Used } from "../sql/usage.ts";
import type { Policy } from "./policy.ts";
import type { PolicySource } from "./policy-file.ts";

type Budget = Policy["budgets"]["user"];

/**
 * A brain that is not asked any more once the day's budget of who asks, of the session, or of all
 * is used up; looked at before each step, so that a long run ends too. Rules cost nothing. Counted
 * are the tokens of all steps and, once a run has ended, of its tries that came to none: what the
 * provider reported of them, or else an estimate. Waits for the database.
 */
export function withBudget(
  brain: BrainPort,
  deps: { readonly db: Database; readonly policy: PolicySource },
  run: Run,
): BrainPort {
  if (brain.name === "offline") return brain;
  return {
    ...brain,
    async next(request, signal) {
      const { budgets } = await deps.policy.current();
      const scopes = [
        [budgets.user, { requester: run.requester }],
        [budgets.session, { sessionId: run.sessionId }],
        [budgets.all, {}],
      ] as const;
      for (const [budget, of] of scopes) {
        if (Object.keys(budget).length === 0) continue;
        const used = await durably(() => sumUsed(deps.db, run.bot, of), signal);
        if (isOver(budget, used, budgets.prices)) {
          throw new BrainError("budget", "the day's budget is used up");
        }
      }
      return await brain.next(request, signal);
    },
  };
}

/** Whether what was used, the question at hand included, is more than the budget. */
export function isOver(budget: Budget, used: Used, prices: Policy["budgets"]["prices"]): boolean {
  const { questionsPerDay, tokensPerDay, moneyPerDay } = budget;
  const tokens = used.inputTokens + used.outputTokens;
  const money = moneyOf(used, prices);
  return (
    (questionsPerDay !== undefined && used.questions > questionsPerDay) ||
    (tokensPerDay !== undefined && tokens >= tokensPerDay) ||
    (moneyPerDay !== undefined && money >= moneyPerDay)
  );
}

/** In the currency of the prices, which are for a million tokens. */
export function moneyOf(
  used: Pick<Used, "inputTokens" | "outputTokens">,
  prices: Policy["budgets"]["prices"],
): number {
  return (used.inputTokens * prices.input + used.outputTokens * prices.output) / 1_000_000;
}
