import { createLogger } from "@resonance/kit";
import {
  openScriptedModel,
  type ScriptedModel,
  type ScriptedModelOptions,
} from "@resonance/scripted-model";
import { createModelBrain, type ModelBrainOptions } from "../brain/model/model-brain.ts";
import { anthropicModel, compatibleModel } from "../brain/model/provider-models.ts";
import type { BrainPort } from "../brain/model-port.ts";

export type ScriptedBrain = { readonly brain: BrainPort; readonly model: ScriptedModel };

/** A brain of the real SDK before a scripted model. Short waits; the stack closes the model. */
export async function openScriptedBrain(
  stack: AsyncDisposableStack,
  name: ModelBrainOptions["name"],
  script: Parameters<typeof openScriptedModel>[0],
  more: Partial<ModelBrainOptions> & ScriptedModelOptions = {},
): Promise<ScriptedBrain> {
  const { key, timeScale, ...options } = more;
  const server = { ...(key === undefined ? {} : { key }), timeScale: timeScale ?? 1 };
  const model = stack.use(await openScriptedModel(script, server));
  const address = { model: "scripted-1", url: model.url, key: "key-1" };
  const brain = createModelBrain({
    name,
    reach: "local",
    model: name === "anthropic" ? anthropicModel(address) : compatibleModel(address),
    limits: { firstTokenMs: 20_000, betweenTokensMs: 20_000, stepMs: 20_000 },
    timeZone: "Asia/Shanghai",
    retryBaseMs: 1,
    log: createLogger("test", "silent"),
    ...options,
  });
  return { brain, model };
}
