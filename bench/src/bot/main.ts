import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { hang, openScriptedModel, say } from "@resonance/scripted-model";
import { eventually } from "@resonance/testkit";
import { openGround, people, sessionOf } from "../ground.ts";
import { openLoop, quantile, type Trip } from "./open-loop.ts";
import { openSystem } from "./open-system.ts";

// What the bot adds to a message, with a model that answers at once; and what a model that hangs
// does to people who talk with one another.
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "15" },
    json: { type: "string" },
    rate: { type: "string", default: "20" },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const signal = AbortSignal.timeout(1_800_000);
const conversations = 1_000;

const toPerson: Trip = {
  target: (n) => {
    const { pair, person } = sessionOf(n % people);
    return { sessionId: pair, sender: person, heard: person };
  },
};
const toBot: Trip = {
  target: (n) => {
    const { withBot, person } = sessionOf(n % people);
    return { sessionId: withBot, sender: person, heard: "ops-bot" };
  },
};

type Row = { readonly name: string; readonly p50Ms: number; readonly p99Ms: number };
const report: Record<string, Row[]> = {};

function note(name: string, latencies: readonly number[]): Row {
  const row = { name, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
  report[name] = [...(report[name] ?? []), row];
  process.stdout.write(
    `  ${name.padEnd(44)} p50 ${row.p50Ms.toFixed(1).padStart(7)} ms  p99 ${row.p99Ms.toFixed(1).padStart(7)} ms  (${latencies.length})\n`,
  );
  return row;
}

function medianP99(name: string): number {
  const sorted = (report[name] ?? []).map(({ p99Ms }) => p99Ms).toSorted((one, two) => one - two);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

await using ground = await openGround(signal);
process.stdout.write(`${ground.description.join("\n")}\n${rounds} rounds of ${seconds} s\n\n`);

{
  process.stdout.write("20 a second, from due to announced\n");
  await using model = await openScriptedModel(() => say("The gateway ", "is fine."));
  await using system = await openSystem(ground, model.url, signal);
  const pace = { perSecond: Number(values.rate), seconds };
  // A server that runs, not its compiler.
  await openLoop(system, toPerson, { perSecond: 50, seconds: 6 }, signal);
  await openLoop(system, toBot, { perSecond: 50, seconds: 12 }, signal);
  for (let round = 0; round < rounds; round++) {
    note("a message to a person", await openLoop(system, toPerson, pace, signal));
    note("a question to the bot, until its answer", await openLoop(system, toBot, pace, signal));
  }
  const added =
    medianP99("a question to the bot, until its answer") - medianP99("a message to a person");
  process.stdout.write(`  the bot adds ${added.toFixed(1)} ms to p99 (at most 30)\n\n`);
}

{
  process.stdout.write(
    `200 a second to people, while the model hangs on ${conversations} questions\n`,
  );
  await using model = await openScriptedModel(() => hang());
  await using system = await openSystem(ground, model.url, signal);
  const pace = { perSecond: 200, seconds };
  await openLoop(system, toPerson, { perSecond: 200, seconds: 2 }, signal);
  for (let round = 0; round < rounds; round++) {
    note("nobody asks the bot", await openLoop(system, toPerson, pace, signal));
  }
  await Promise.all(
    Array.from({ length: conversations }, (_, n) => {
      const { sessionId, sender } = toBot.target(n);
      return system.send(sessionId, sender);
    }),
  );
  await eventually(() => model.requests.length >= conversations, { timeoutMs: 120_000, signal });
  for (let round = 0; round < rounds; round++) {
    note("1,000 questions hang", await openLoop(system, toPerson, pace, signal));
  }
  const ratio = medianP99("1,000 questions hang") / medianP99("nobody asks the bot");
  process.stdout.write(`  p99 x${ratio.toFixed(2)} (at most 1.10)\n`);
}

if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
