import type { Tracing } from "@resonance/kit";
import type { BotMetrics } from "../metrics.ts";
import { moneyOf } from "../permission/budget.ts";
import type { PolicySource } from "../permission/policy-file.ts";
import { BrainError, type BrainPort, type BrainRequest, type Usage } from "./model-port.ts";

export type WatchDeps = {
  readonly metrics: BotMetrics;
  readonly tracing: Tracing | undefined;
  /** Knows the prices. */
  readonly policy: PolicySource;
};

/** A model whose steps are measured and, where traces are on, are spans of the question's trace. */
export function watchedBrain(brain: BrainPort, deps: WatchDeps): BrainPort {
  const { name, model } = brain;
  return {
    ...brain,
    async next(request, signal) {
      const startMs = Date.now();
      const started = performance.now();
      let firstTokenSeconds: number | undefined;
      const lost: Usage[] = [];
      const watched: BrainRequest = {
        ...request,
        onToken: () => {
          firstTokenSeconds ??= (performance.now() - started) / 1_000;
        },
        onLost: (usage) => {
          lost.push(usage);
          request.onLost?.(usage);
        },
      };
      const count = async (usage: Usage) => {
        const { budgets } = await deps.policy.current();
        deps.metrics.used(name, model, { ...usage, money: moneyOf(usage, budgets.prices) });
      };
      const end = (outcome: Outcome, usage?: Usage) => {
        deps.metrics.modelStep({
          brain: name,
          model,
          outcome,
          seconds: (performance.now() - started) / 1_000,
        });
        if (firstTokenSeconds !== undefined) {
          deps.metrics.firstToken(name, model, firstTokenSeconds);
        }
        recordStep(deps.tracing, request, { brain, startMs, outcome, firstTokenSeconds, usage });
      };
      try {
        const step = await brain.next(watched, signal);
        end(step.finish, step.usage);
        await count(step.usage);
        return step;
      } catch (error) {
        end(error instanceof BrainError ? error.kind : "stopped");
        throw error;
      } finally {
        await Promise.all(lost.map(count));
      }
    },
  };
}

type Outcome = Parameters<BotMetrics["modelStep"]>[0]["outcome"];

function recordStep(
  tracing: Tracing | undefined,
  { question }: BrainRequest,
  step: {
    readonly brain: BrainPort;
    readonly startMs: number;
    readonly outcome: Outcome;
    readonly firstTokenSeconds: number | undefined;
    readonly usage: Usage | undefined;
  },
): void {
  const { brain, startMs, outcome, firstTokenSeconds, usage } = step;
  tracing?.record({
    traceOf: question.msgId,
    name: "bot.model",
    parent: "run",
    kind: "client",
    startMs,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": brain.name,
      "gen_ai.request.model": brain.model,
      "resonance.outcome": outcome,
      ...(firstTokenSeconds === undefined
        ? {}
        : { "resonance.first_token_seconds": firstTokenSeconds }),
      ...(usage === undefined
        ? {}
        : {
            "gen_ai.usage.input_tokens": usage.inputTokens,
            "gen_ai.usage.output_tokens": usage.outputTokens,
          }),
    },
    failure: usage === undefined ? outcome : undefined,
  });
}
