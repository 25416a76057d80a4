import type { Database } from "@resonance/db";
import { BrainError, type BrainPort } from "../brain/model-port.ts";
import { durably } from "../durably.ts";
import type { Run } from "../runs/run.ts";
import type { Policy } from "./policy.ts";
import type { PolicySource } from "./policy-file.ts";

type Used = {
  readonly questions: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
};

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
        const used = await durably(() => usedToday(deps.db, run.bot, of), signal);
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

async function usedToday(
  db: Database,
  bot: string,
  of: { readonly requester?: string; readonly sessionId?: string },
): Promise<Used> {
  const requester = of.requester ?? null;
  const sessionId = of.sessionId ?? null;
  const [row] = await db.query<Record<keyof Used, number | string | bigint | null>>(
    `SELECT COUNT(*) AS questions, SUM(GREATEST(run_input, step_input)) AS inputTokens,
            SUM(GREATEST(run_output, step_output)) AS outputTokens
       FROM (SELECT r.msg_id, r.input_tokens AS run_input, r.output_tokens AS run_output,
                    COALESCE(SUM(s.input_tokens), 0) AS step_input,
                    COALESCE(SUM(s.output_tokens), 0) AS step_output
               FROM t_bot_run r
               LEFT JOIN t_bot_step s
                      ON s.msg_id = r.msg_id AND s.bot_username = r.bot_username
                     AND s.kind = 'model'
              WHERE r.bot_username = ? AND r.command = ''
                AND r.created_at > NOW(3) - INTERVAL 1 DAY
                AND (? IS NULL OR r.requester = ?) AND (? IS NULL OR r.session_id = ?)
              GROUP BY r.msg_id, r.input_tokens, r.output_tokens) runs`,
    [bot, requester, requester, sessionId, sessionId],
  );
  return {
    questions: Number(row?.questions ?? 0),
    inputTokens: Number(row?.inputTokens ?? 0),
    outputTokens: Number(row?.outputTokens ?? 0),
  };
}
