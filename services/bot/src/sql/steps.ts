import type { Queryable } from "@resonance/db";
import { keptIdLength, type ModelStep, type Step, type ToolStep } from "../loop/steps.ts";
import type { RunKey } from "../runs/run.ts";

type StepRow = {
  readonly number: number;
  readonly kind: "model" | "tool";
  readonly name: string;
  readonly callId: string | null;
  readonly arguments: string | null;
  readonly state: string;
  readonly outcome: string | null;
  readonly text: string | null;
  readonly data: string | null;
  readonly artifactId: string | null;
  readonly durationMs: number | null;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly cachedInputTokens: bigint;
};

/** A run's steps in their order. */
export async function listSteps(db: Queryable, key: RunKey): Promise<Step[]> {
  const rows = await db.query<StepRow>(
    `SELECT number, kind, name, call_id AS callId, arguments, state, outcome, text, data,
            artifact_id AS artifactId, duration_ms AS durationMs, input_tokens AS inputTokens,
            output_tokens AS outputTokens, cached_input_tokens AS cachedInputTokens
       FROM t_bot_step
      WHERE msg_id = ? AND bot_username = ?
      ORDER BY number`,
    [key.msgId, key.bot],
  );
  return rows.map((row) => (row.kind === "model" ? modelStep(row) : toolStep(row)));
}

/** Each of these stores only while `owner` holds the run, and says whether it did. */
export async function insertModelStep(
  db: Queryable,
  key: RunKey,
  owner: string,
  step: ModelStep,
): Promise<boolean> {
  const { inputTokens, outputTokens, cachedInputTokens } = step.usage;
  const { affectedRows } = await db.execute(
    `INSERT INTO t_bot_step
       (msg_id, bot_username, number, kind, name, arguments, state, outcome, text, duration_ms,
        input_tokens, output_tokens, cached_input_tokens)
     SELECT msg_id, bot_username, ?, 'model', ?, ?, 'done', ?, ?, ?, ?, ?, ?
       FROM t_bot_run
      WHERE msg_id = ? AND bot_username = ? AND lease_owner = ? AND state = 'running'
         ON DUPLICATE KEY UPDATE created_at = NOW(3)`,
    [
      step.number,
      step.model,
      JSON.stringify(step.toolCalls),
      step.finish,
      step.text,
      step.durationMs,
      inputTokens,
      outputTokens,
      cachedInputTokens,
      key.msgId,
      key.bot,
      owner,
    ],
  );
  return affectedRows > 0;
}

export async function insertToolStep(
  db: Queryable,
  key: RunKey,
  owner: string,
  { number, call }: ToolStep,
): Promise<boolean> {
  const { affectedRows } = await db.execute(
    `INSERT INTO t_bot_step
       (msg_id, bot_username, number, kind, name, call_id, arguments, state)
     SELECT msg_id, bot_username, ?, 'tool', ?, ?, ?, 'started'
       FROM t_bot_run
      WHERE msg_id = ? AND bot_username = ? AND lease_owner = ? AND state = 'running'
         ON DUPLICATE KEY UPDATE created_at = NOW(3)`,
    [
      number,
      call.name.slice(0, 128),
      call.id.slice(0, keptIdLength),
      JSON.stringify(call.input ?? {}),
      key.msgId,
      key.bot,
      owner,
    ],
  );
  return affectedRows > 0;
}

export async function updateToolStep(
  db: Queryable,
  key: RunKey,
  owner: string,
  { number, result }: Required<ToolStep>,
): Promise<boolean> {
  const { affectedRows } = await db.execute(
    `UPDATE t_bot_step s
       JOIN t_bot_run r ON r.msg_id = s.msg_id AND r.bot_username = s.bot_username
        SET s.state = 'done', s.outcome = ?, s.text = ?, s.data = ?, s.artifact_id = ?,
            s.duration_ms = ?
      WHERE s.msg_id = ? AND s.bot_username = ? AND s.number = ?
        AND r.lease_owner = ? AND r.state = 'running'`,
    [
      result.outcome,
      result.text,
      result.data === undefined ? null : JSON.stringify(result.data),
      result.artifactId ?? null,
      result.durationMs,
      key.msgId,
      key.bot,
      number,
      owner,
    ],
  );
  return affectedRows > 0;
}

function modelStep(row: StepRow): ModelStep {
  return {
    kind: "model",
    number: row.number,
    model: row.name,
    text: row.text ?? "",
    // Written by insertModelStep.
    toolCalls: JSON.parse(row.arguments ?? "[]") as ModelStep["toolCalls"],
    finish: row.outcome as ModelStep["finish"],
    usage: {
      inputTokens: Number(row.inputTokens),
      outputTokens: Number(row.outputTokens),
      cachedInputTokens: Number(row.cachedInputTokens),
    },
    durationMs: row.durationMs ?? 0,
  };
}

function toolStep(row: StepRow): ToolStep {
  const input: unknown = JSON.parse(row.arguments ?? "{}");
  const call = { id: row.callId ?? "", name: row.name, input };
  const step = { kind: "tool", number: row.number, call } as const;
  if (row.state !== "done") return step;
  const data: unknown = row.data === null ? undefined : JSON.parse(row.data);
  return {
    ...step,
    result: {
      // Written by updateToolStep.
      outcome: row.outcome as "ok" | "no_data" | "error",
      text: row.text ?? "",
      ...(data === undefined ? {} : { data }),
      ...(row.artifactId === null ? {} : { artifactId: row.artifactId }),
      durationMs: row.durationMs ?? 0,
    },
  };
}
