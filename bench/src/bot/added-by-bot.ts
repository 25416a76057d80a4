import { openScriptedModel, say } from "@resonance/scripted-model";
import type { Ground } from "../ground.ts";
import { openLoop, toBot, toPerson } from "./open-loop.ts";
import { openSystem } from "./open-system.ts";
import { type FigureOf, type Phase, Phases } from "./phases.ts";

export type Measuring = {
  readonly ground: Ground;
  readonly rounds: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Where the bot's processor profile goes. */
  readonly profileFolder: string | undefined;
};

/** What the bot adds to a message, with a model that answers at once. */
export async function addedByBot(measuring: Measuring, signal: AbortSignal): Promise<Phases> {
  const { ground, rounds, seconds, perSecond, profileFolder } = measuring;
  process.stdout.write(`${perSecond} a second, from due to announced\n`);
  const phases = new Phases(["a message to a person", "a question to the bot, until its answer"]);
  await using model = await openScriptedModel(() => say("The gateway ", "is fine."));
  await using system = await openSystem(ground, { modelUrl: model.url, profileFolder }, signal);
  const pace = { perSecond, seconds };
  // A server that runs, not its compiler.
  await openLoop(system, toPerson, { perSecond: 50, seconds: 6 }, signal);
  await openLoop(system, toBot, { perSecond: 50, seconds: 12 }, signal);
  for (let round = 0; round < rounds; round++) {
    phases.note(0, await openLoop(system, toPerson, pace, signal));
    phases.note(1, await openLoop(system, toBot, pace, signal));
  }
  const added = (of: keyof Phase, figureOf: FigureOf) => {
    const { value, low, high } = phases.compare(of, figureOf, (person, bot) => bot - person);
    return `${value.toFixed(1)} ms (${low.toFixed(1)} to ${high.toFixed(1)})`;
  };
  const line = (figureOf: FigureOf) =>
    `  ${figureOf}: the bot adds ${added("p50Ms", figureOf)} to p50 and ${added("p99Ms", figureOf)} to p99 (at most 30)\n`;
  process.stdout.write(`${phases.summary()}${line("median of phases")}${line("all samples")}\n`);
  return phases;
}
