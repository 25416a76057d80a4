import { Counter, Histogram, type Registry } from "prom-client";
import type { BrainErrorKind, BrainPort, BrainStep } from "./brain/model-port.ts";
import type { ProposalState } from "./proposals/proposal.ts";
import type { FinalState } from "./runs/run.ts";

/**
 * A run's final state (`answered`, `failed`: the asker got a plain sentence, `cancelled`,
 * `ignored`: not for this bot to answer), or `repeated`: an event whose question is dealt with.
 */
export type Outcome = FinalState | "repeated";

/** A new one is `pending`; `refused`: somebody's decision on it did not count. */
export type ProposalEvent = ProposalState | "refused";

export type ModelStepFacts = {
  readonly brain: BrainPort["name"];
  readonly model: string;
  readonly outcome: BrainStep["finish"] | BrainErrorKind | "stopped";
  readonly seconds: number;
};

export type BotMetrics = {
  count(outcome: Outcome): void;
  /** From taking up the question to its stored answer. */
  observeSeconds(seconds: number): void;
  /** From the stored question to its being taken up. */
  queued(seconds: number): void;
  failed(cause: string): void;
  firstToken(brain: BrainPort["name"], model: string, seconds: number): void;
  modelStep(facts: ModelStepFacts): void;
  /** `money` in the currency of the policy's prices; 0 where it names none. */
  used(
    brain: BrainPort["name"],
    model: string,
    usage: BrainStep["usage"] & { readonly money: number },
  ): void;
  /** `tool` is the name of one that there is. */
  toolCall(tool: string, outcome: string, seconds: number): void;
  proposal(event: ProposalEvent): void;
};

const waits = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Registers the bot's metrics. Their names end in the unit; `help` says what is counted. */
export function createBotMetrics(registry: Registry): BotMetrics {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `resonance_bot_${name}`, help, labelNames, registers });
  const seconds = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Histogram({
      name: `resonance_bot_${name}`,
      help,
      labelNames,
      buckets: waits,
      registers,
    });

  const questions = counter("questions_total", "Questions by what became of them", ["outcome"]);
  const failures = counter("run_failures_total", "Questions that ended in a sentence, by cause", [
    "cause",
  ]);
  const duration = new Histogram({
    name: "resonance_bot_answer_duration_seconds",
    help: "Time from taking up a question to its stored answer",
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  });
  const queue = seconds("queue_seconds", "Time from a stored question to its being taken up", []);
  const first = seconds(
    "model_first_token_seconds",
    "Time from asking a model for a step to its first token, thinking included",
    ["brain", "model"],
  );
  const steps = seconds(
    "model_step_seconds",
    "Time of one step of a model, further tries included",
    ["brain", "model", "outcome"],
  );
  const tokens = counter(
    "model_tokens_total",
    "Tokens by direction: input (cached ones included), cached_input, output",
    ["brain", "model", "direction"],
  );
  const cost = counter(
    "model_cost_total",
    "Money spent on models, in the currency of the policy's prices; 0 where it names none",
    ["brain", "model"],
  );
  const tools = seconds("tool_call_seconds", "Time of one call of a tool", ["tool", "outcome"]);
  const proposals = counter("proposals_total", "Proposals and decisions by what became of them", [
    "event",
  ]);
  return {
    count: (outcome) => questions.inc({ outcome }),
    observeSeconds: (value) => duration.observe(value),
    queued: (value) => queue.observe(value),
    failed: (cause) => failures.inc({ cause }),
    firstToken: (brain, model, value) => first.observe({ brain, model }, value),
    modelStep: ({ seconds: value, ...labels }) => steps.observe(labels, value),
    used(brain, model, usage) {
      tokens.inc({ brain, model, direction: "input" }, usage.inputTokens);
      tokens.inc({ brain, model, direction: "cached_input" }, usage.cachedInputTokens);
      tokens.inc({ brain, model, direction: "output" }, usage.outputTokens);
      cost.inc({ brain, model }, usage.money);
    },
    toolCall: (tool, outcome, value) => tools.observe({ tool, outcome }, value),
    proposal: (event) => proposals.inc({ event }),
  };
}
