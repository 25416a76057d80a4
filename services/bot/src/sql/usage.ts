import type { Queryable } from "@resonance/db";

export type Used = {
  readonly questions: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
};

/** What a bot has used in the last 24 hours: for all, or for a person or in a session. */
export async function sumUsed(
  db: Queryable,
  bot: string,
  of: { readonly requester?: string; readonly sessionId?: string },
): Promise<Used> {
  const { requester = null, sessionId = null } = of;
  // A run says what it has used, tries that came to nothing included, when it has ended.
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
