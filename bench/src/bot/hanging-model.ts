import { setTimeout as delay } from "node:timers/promises";
import { openScriptedModel, say } from "@resonance/scripted-model";
import { eventually } from "@resonance/testkit";
import type { Measuring } from "./added-by-bot.ts";
import { openLoop, toBot, toPerson } from "./open-loop.ts";
import { openSystem, type System } from "./open-system.ts";
import { type FigureOf, type Phase, Phases } from "./phases.ts";

const conversations = 1_000;
const perSecond = 200;
const settlingMs = 1_500;
/** Having everybody ask, and the model let go, takes longer than they do. */
const phasesInARow = 4;

/** What a model that hangs does to people who talk with one another. */
export async function hangingModel(measuring: Measuring, signal: AbortSignal): Promise<Phases> {
  const { ground, rounds, seconds, profileFolder } = measuring;
  process.stdout.write(
    `${perSecond} a second to people, while the model hangs on ${conversations} questions\n`,
  );
  const phases = new Phases(["nobody asks the bot", "1,000 questions hang"]);
  let hanging = Promise.withResolvers<void>();
  await using model = await openScriptedModel(async () => {
    await hanging.promise;
    return say("The gateway is fine.");
  });
  await using system = await openSystem(ground, { modelUrl: model.url, profileFolder }, signal);
  const pace = { perSecond, seconds: seconds / phasesInARow };
  await openLoop(system, toPerson, { perSecond, seconds: 4 }, signal);
  const measure = async (kind: 0 | 1) => {
    for (let phase = 0; phase < phasesInARow; phase++) {
      phases.note(kind, await openLoop(system, toPerson, pace, signal));
    }
  };
  for (let round = 0; round < rounds; round++) {
    await measure(0);
    const asked = (round + 1) * conversations;
    const answered = await askAll(system);
    await eventually(() => model.requests.length >= asked, { timeoutMs: 120_000, signal });
    await delay(settlingMs, undefined, { signal });
    await measure(1);
    const { resolve } = hanging;
    hanging = Promise.withResolvers();
    resolve();
    await answered(signal);
    await delay(settlingMs, undefined, { signal });
  }
  hanging.resolve();
  const times = (of: keyof Phase, figureOf: FigureOf) => {
    const { value, low, high } = phases.compare(of, figureOf, (alone, hung) => hung / alone);
    return `x${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
  };
  const line = (figureOf: FigureOf) =>
    `  ${figureOf}: p50 ${times("p50Ms", figureOf)}, p99 ${times("p99Ms", figureOf)} (at most 1.10)\n`;
  process.stdout.write(`${phases.summary()}${line("median of phases")}${line("all samples")}\n`);
  return phases;
}

/** Has everybody ask the bot; what comes back waits until all are answered. */
async function askAll(system: System): Promise<(signal: AbortSignal) => Promise<void>> {
  let answers = 0;
  const stop = system.listen(({ sender }) => {
    if (sender === "ops-bot") answers += 1;
  });
  const targets = Array.from({ length: conversations }, (_, n) => toBot.target(n));
  await Promise.all(targets.map(({ sessionId, sender }) => system.send(sessionId, sender)));
  return async (signal) => {
    await eventually(() => answers >= conversations, { timeoutMs: 120_000, signal });
    stop();
  };
}
