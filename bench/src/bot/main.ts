import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { openGround } from "../ground.ts";
import { addedByBot } from "./added-by-bot.ts";
import { hangingModel } from "./hanging-model.ts";

const cases = { added: addedByBot, hanging: hangingModel };

const { values } = parseArgs({
  options: {
    /** `added` or `hanging`; both unless told. */
    case: { type: "string" },
    rounds: { type: "string", default: "8" },
    /** Of each of the two that are compared in a round. */
    seconds: { type: "string", default: "6" },
    rate: { type: "string", default: "20" },
    json: { type: "string" },
    /** Where processor profiles of the bot go. */
    profile: { type: "string" },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const signal = AbortSignal.timeout(1_800_000);

await using ground = await openGround(signal);
process.stdout.write(`${ground.description.join("\n")}\n${rounds} rounds of 2 x ${seconds} s\n\n`);
const perSecond = Number(values.rate);
const measuring = { ground, rounds, seconds, perSecond, profileFolder: values.profile };
const report: Record<string, object> = {};
for (const [name, measure] of Object.entries(cases)) {
  if (values.case !== undefined && values.case !== name) continue;
  report[name] = (await measure(measuring, signal)).toJSON();
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
