import type { Logger } from "@resonance/kit";
import {
  type BrainPlan,
  type BrainPlans,
  type BrainSettings,
  planBrains,
} from "./brain-settings.ts";
import { localOnlyRules } from "./local-only-rules.ts";
import { createModelBrain } from "./model/model-brain.ts";
import { anthropicModel, compatibleModel } from "./model/provider-models.ts";
import type { BrainPort } from "./model-port.ts";
import { offlineBrain } from "./offline/offline-brain.ts";
import { withFallback } from "./with-fallback.ts";

/** The brains of a process. No connection is opened before the first question. */
export type Brains = {
  /** For sessions that may use whatever is configured. */
  readonly any: BrainPort;
  /** For sessions whose words stay in the house: it connects to nothing outside. */
  readonly localOnly: BrainPort;
};

export type BrainDeps = {
  /** The zone that people's times of day are in, as IANA names it. */
  readonly timeZone: string;
  /** Looks at the steps of a model. */
  readonly watch?: (brain: BrainPort) => BrainPort;
  /** Of the models, between tries; default: theirs. */
  readonly retryBaseMs?: number;
  readonly log: Logger;
};

/**
 * The brains that the configuration names. The one place where that is decided.
 *
 * @param settings of the bot's Config, which has made sure that they go together
 */
export function chooseBrains(settings: BrainSettings, deps: BrainDeps): Brains {
  const plans = planBrains(settings, () => undefined);
  const open = (plan: BrainPlan) => openBrain(plan, { ...plans, ...deps });
  const main = open(plans.main);
  const all = plans.fallback ? [main, open(plans.fallback)] : [main];
  return {
    any: inOrder(all, deps.log),
    localOnly: inHouse(all, deps.log),
  };
}

function inHouse(all: readonly BrainPort[], log: Logger): BrainPort {
  const local = all.filter(({ reach, name }) => reach === "local" && name !== "offline");
  if (local.length > 0)
    return inOrder(
      all.filter(({ reach }) => reach === "local"),
      log,
    );
  return all.some(({ name }) => name !== "offline") ? localOnlyRules : offlineBrain;
}

function inOrder([first, second]: readonly BrainPort[], log: Logger): BrainPort {
  if (first === undefined) return offlineBrain;
  return second === undefined ? first : withFallback(first, second, log);
}

function openBrain(
  plan: BrainPlan,
  options: BrainDeps & Omit<BrainPlans, "main" | "fallback">,
): BrainPort {
  if (plan.kind === "offline") return offlineBrain;
  const { kind: name, reach, address } = plan;
  const model = name === "anthropic" ? anthropicModel(address) : compatibleModel(address);
  const brain = createModelBrain({ ...options, name, reach, model });
  return options.watch?.(brain) ?? brain;
}
