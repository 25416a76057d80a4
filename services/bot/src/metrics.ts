import { Counter, Histogram, type Registry } from "prom-client";
import type { FinalState } from "./runs/run.ts";

/**
 * A run's final state (`answered`, `failed`: the asker got a plain sentence, `cancelled`,
 * `ignored`: not for this bot to answer), or `repeated`: an event whose question is dealt with.
 */
export type Outcome = FinalState | "repeated";

export type BotMetrics = {
  count(outcome: Outcome): void;
  /** From taking up the question to its stored answer. */
  observeSeconds(seconds: number): void;
};

/** Registers the bot's metrics. */
export function createBotMetrics(registry: Registry): BotMetrics {
  const questions = new Counter({
    name: "resonance_bot_questions_total",
    help: "Questions by what became of them",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const duration = new Histogram({
    name: "resonance_bot_answer_duration_seconds",
    help: "Time from taking up a question to its stored answer",
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers: [registry],
  });
  return {
    count: (outcome) => questions.inc({ outcome }),
    observeSeconds: (seconds) => duration.observe(seconds),
  };
}
