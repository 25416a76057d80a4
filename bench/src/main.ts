import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Contestant } from "./contestant.ts";
import { openGround, people, sessionOf } from "./ground.ts";
import { type Load, type Measured, measure } from "./measure.ts";
import { rawContestant } from "./raw-contestant.ts";
import { serviceContestant } from "./service-contestant.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "4" },
    json: { type: "string" },
    case: { type: "string", multiple: true, default: [] },
    profile: { type: "string" },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const signal = AbortSignal.timeout(3_600_000);

const spread = (count: number) => sessionOf(count % people);
const cases: Record<string, Load> = {
  "256 in flight over 1,000 sessions": {
    inFlight: 256,
    target: (count) => ({ sessionId: spread(count).pair, sender: spread(count).person }),
  },
  "one hot session, 64 in flight": {
    inFlight: 64,
    target: () => ({ sessionId: sessionOf(0).pair, sender: sessionOf(0).person }),
  },
  "one in flight": {
    inFlight: 1,
    target: (count) => ({ sessionId: spread(count).pair, sender: spread(count).person }),
  },
  "question to the bot, 256 in flight": {
    inFlight: 256,
    target: (count) => ({ sessionId: spread(count).withBot, sender: spread(count).person }),
  },
};

await using ground = await openGround(signal);
process.stdout.write(`${ground.description.join("\n")}\n${rounds} rounds of ${seconds} s\n`);
const logic = join(import.meta.dirname, "../../services/logic/src/main.ts");
const baseline = join(import.meta.dirname, "baseline-server.ts");
const contestants: Contestant[] = [
  serviceContestant("logic", logic, ground, values.profile),
  serviceContestant("one transaction per message", baseline, ground),
  rawContestant(ground),
];
const report: Record<string, Record<string, Measured[]>> = {};
for (const [name, load] of Object.entries(cases)) {
  if (values.case.length > 0 && !values.case.some((part) => name.includes(part))) continue;
  const results: Record<string, Measured[]> = {};
  report[name] = results;
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) {
      await using sender = await contestant.open(signal);
      const measured = await measure(sender, load, seconds);
      results[contestant.name] = [...(results[contestant.name] ?? []), measured];
    }
  }
  process.stdout.write(`\n${name}\n`);
  const reference = median(
    (results["one transaction per message"] ?? []).map((one) => one.perSecond),
  );
  for (const [contestant, measured] of Object.entries(results)) {
    const rates = measured.map((one) => one.perSecond);
    const p50Ms = median(measured.map((one) => one.p50Ms));
    const p99Ms = median(measured.map((one) => one.p99Ms));
    const range = `${Math.min(...rates).toFixed(0)}-${Math.max(...rates).toFixed(0)}`;
    process.stdout.write(
      `  ${contestant.padEnd(28)} ${median(rates).toFixed(0).padStart(7)}/s  x${(median(rates) / reference).toFixed(2)}` +
        `  (${range})  p50 ${p50Ms.toFixed(2)} ms  p99 ${p99Ms.toFixed(2)} ms\n`,
    );
  }
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
