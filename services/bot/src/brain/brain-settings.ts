import { z } from "zod";
import { anthropicUrl, type ModelAddress } from "./model/provider-models.ts";
import { reachOf } from "./model/reach.ts";
import type { TimeLimits } from "./model/silence-limit.ts";
import type { BrainPort } from "./model-port.ts";

const brainName = z.enum(
  ["anthropic", "openai-compatible", "offline"],
  "must be anthropic, openai-compatible or offline",
);
const endpoint = z
  .url({
    protocol: /^https?$/,
    error: "must be http(s)://host…, with the API's version in its path",
  })
  .transform((url) => url.replace(/\/+$/, ""));
// Node's own client gives up on a silent server after 300 s.
const limitMs = z.coerce.number().int().min(100).max(290_000);

/** What decides over the brain, in the bot's environment. */
export const brainShape = {
  /** Default: `anthropic` when there is a key for it, else `offline`. */
  RESONANCE_BRAIN: brainName.optional(),
  ANTHROPIC_API_KEY: z.string().optional(),
  RESONANCE_MODEL: z.string().optional(),
  RESONANCE_MODEL_URL: endpoint.optional(),
  /** Of an `openai-compatible` endpoint that wants one. */
  RESONANCE_MODEL_KEY: z.string().optional(),
  /** Whether the endpoint is in the house; by default its host tells. */
  RESONANCE_MODEL_REACH: z.enum(["local", "cloud"]).optional(),
  RESONANCE_MODEL_TEMPERATURE: z.coerce.number().min(0).max(2).optional(),
  /** For one answer of the model, its thinking included. Default: 16,384 for Claude, else 4,096. */
  RESONANCE_MODEL_MAX_OUTPUT_TOKENS: z.coerce.number().int().min(256).max(128_000).optional(),
  RESONANCE_MODEL_FIRST_TOKEN_MS: limitMs.default(60_000),
  RESONANCE_MODEL_BETWEEN_TOKENS_MS: limitMs.default(30_000),
  /** For one answer of the model as a whole; an answer to a person takes several. */
  RESONANCE_MODEL_STEP_MS: limitMs.default(180_000),
  /** Takes over the questions that the first brain fails. */
  RESONANCE_FALLBACK_BRAIN: brainName.optional(),
  RESONANCE_FALLBACK_MODEL: z.string().optional(),
  RESONANCE_FALLBACK_MODEL_URL: endpoint.optional(),
  RESONANCE_FALLBACK_MODEL_KEY: z.string().optional(),
  RESONANCE_FALLBACK_MODEL_REACH: z.enum(["local", "cloud"]).optional(),
} as const;

const shape = z.object(brainShape);

export type BrainSettings = z.infer<typeof shape>;

/**
 * For `superRefine` of a schema that has these settings: what does not go together is reported
 * along with what is bad among the others, so that one start names everything.
 */
export const brainCheck = [
  (settings: BrainSettings, context: z.core.$RefinementCtx<BrainSettings>) => {
    planBrains(settings, (name, message) => {
      context.addIssue({ code: "custom", path: [name], message });
    });
  },
  {
    when: ({ issues }: z.core.ParsePayload) =>
      !issues.some(({ path }) => String(path?.[0]) in brainShape),
  },
] as const;

/** Which brain is meant, with all that it needs. */
export type BrainPlan =
  | { readonly kind: "offline" }
  | {
      readonly kind: "anthropic" | "openai-compatible";
      readonly address: ModelAddress;
      readonly reach: BrainPort["reach"];
    };

export type BrainPlans = {
  readonly main: BrainPlan;
  readonly fallback: BrainPlan | undefined;
  readonly limits: TimeLimits;
  readonly temperature: number | undefined;
  /** Default: what the model's kind needs. */
  readonly maxOutputTokens: number | undefined;
};

/** Reports each setting that is missing, or without effect, under its name. */
export type Report = (name: keyof BrainSettings, message: string) => void;

const defaultModel = "claude-sonnet-5-5";

/** Reads the settings together; what does not go together is reported. */
export function planBrains(settings: BrainSettings, report: Report): BrainPlans {
  const key = settings.ANTHROPIC_API_KEY;
  const chosen = settings.RESONANCE_BRAIN ?? (key === undefined ? "offline" : "anthropic");
  const main = planOf("RESONANCE_MODEL", chosen, settings, report);
  if (settings.RESONANCE_BRAIN === undefined && settings.RESONANCE_MODEL_URL !== undefined) {
    // Or the key of one provider would be sent to another.
    report("RESONANCE_BRAIN", "must be set where RESONANCE_MODEL_URL is");
  }
  const other = settings.RESONANCE_FALLBACK_BRAIN;
  if (other === undefined)
    reportUnused(
      "RESONANCE_FALLBACK_MODEL",
      "RESONANCE_FALLBACK_BRAIN is not set",
      settings,
      report,
    );
  return {
    main,
    fallback:
      other === undefined ? undefined : planOf("RESONANCE_FALLBACK_MODEL", other, settings, report),
    limits: {
      firstTokenMs: settings.RESONANCE_MODEL_FIRST_TOKEN_MS,
      betweenTokensMs: settings.RESONANCE_MODEL_BETWEEN_TOKENS_MS,
      stepMs: settings.RESONANCE_MODEL_STEP_MS,
    },
    temperature: settings.RESONANCE_MODEL_TEMPERATURE,
    maxOutputTokens: settings.RESONANCE_MODEL_MAX_OUTPUT_TOKENS,
  };
}

type Prefix = "RESONANCE_MODEL" | "RESONANCE_FALLBACK_MODEL";

function planOf(
  prefix: Prefix,
  chosen: z.infer<typeof brainName>,
  settings: BrainSettings,
  report: Report,
): BrainPlan {
  const model = settings[prefix];
  const url = settings[`${prefix}_URL`];
  const reach = settings[`${prefix}_REACH`];
  switch (chosen) {
    case "offline":
      reportUnused(prefix, "has no effect on the offline brain", settings, report);
      return { kind: "offline" };
    case "anthropic": {
      const key = settings.ANTHROPIC_API_KEY ?? "";
      if (key === "") report("ANTHROPIC_API_KEY", "is needed by the brain anthropic");
      if (settings[`${prefix}_KEY`] !== undefined) {
        report(`${prefix}_KEY`, "has no effect on the brain anthropic: use ANTHROPIC_API_KEY");
      }
      const address = { model: model ?? defaultModel, url: url ?? anthropicUrl, key };
      return { kind: chosen, address, reach: reach ?? "cloud" };
    }
    case "openai-compatible": {
      if (model === undefined) report(prefix, "is needed by the brain openai-compatible");
      if (url === undefined) report(`${prefix}_URL`, "is needed by the brain openai-compatible");
      const key = settings[`${prefix}_KEY`] ?? "";
      const address = { model: model ?? "", url: url ?? "", key };
      const told = reach ?? (url === undefined ? "cloud" : reachOf(url));
      return { kind: chosen, address, reach: told };
    }
    default:
      return chosen satisfies never;
  }
}

function reportUnused(
  prefix: Prefix,
  message: string,
  settings: BrainSettings,
  report: Report,
): void {
  for (const name of [prefix, `${prefix}_URL`, `${prefix}_KEY`, `${prefix}_REACH`] as const) {
    if (settings[name] !== undefined) report(name, message);
  }
}
