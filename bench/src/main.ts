import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Case, type Outcome, report, runCase } from "./case.ts";
import { closedLoopCase } from "./cases/closed-loop.ts";
import { roomSizeCase, storedMessagesCase } from "./cases/growth.ts";
import { idleCase } from "./cases/idle.ts";
import { openLoopCase } from "./cases/open-loop.ts";
import { measureRoom } from "./cases/room.ts";
import { sendCases, someInFlight } from "./cases/send.ts";
import { openGround } from "./ground.ts";
import { rawContestant } from "./raw-contestant.ts";
import { serviceContestant } from "./service-contestant.ts";
import { ejabberd, missingEjabberd } from "./systems/ejabberd.ts";
import { resonance } from "./systems/resonance.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "4" },
    /** Cases whose names contain this; may be given more than once. */
    case: { type: "string", multiple: true, default: [] },
    /** With others of their kind, and only where they can be compared. */
    peers: { type: "boolean", default: false },
    json: { type: "string" },
    /** Where processor profiles of our processes go. */
    profile: { type: "string" },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const signal = AbortSignal.timeout(3_600_000);

const missing = values.peers ? missingEjabberd() : undefined;
if (missing !== undefined) {
  process.stderr.write(`${missing}\n`);
  process.exit(1);
}

await using ground = await openGround(signal);
process.stdout.write(`${ground.description.join("\n")}\n${rounds} rounds of ${seconds} s\n`);

const entryOf = (service: string) =>
  join(import.meta.dirname, `../../services/${service}/src/main.ts`);
const profileFolder = values.profile;
const logic = serviceContestant("logic", entryOf("logic"), ground, { profileFolder });
const withTask = serviceContestant("logic and task", entryOf("logic"), ground, {
  task: entryOf("task"),
});
const baseline = serviceContestant(
  "one transaction per message",
  join(import.meta.dirname, "baseline-server.ts"),
  ground,
);
const ours = resonance(ground, profileFolder);
const systems = values.peers ? [ours, ejabberd(ground)] : [ours];
const bigRoom = { sessionId: "room-500", members: 500, online: 500, writers: 8 };

const peerCases: Case[] = [
  closedLoopCase(systems, 1, seconds, "1 x ejabberd"),
  closedLoopCase(systems, 8, seconds, "1 x ejabberd"),
  closedLoopCase(systems, 50, seconds, "2 x ejabberd"),
  closedLoopCase(systems, 150, seconds, "3 x ejabberd"),
];
const ownCases: Case[] = [
  ...sendCases([logic, baseline, rawContestant(ground)], withTask, seconds),
  openLoopCase(systems, 500, seconds, "p50 6 ms, p99 25 ms"),
  openLoopCase(systems, 2_000, seconds, "p99 45 ms"),
  {
    name: "one room of 500 members, everybody online",
    compares: "deliveries_per_second",
    target: "30,000 deliveries a second",
    contestants: [
      {
        name: ours.name,
        measure: () => measureRoom(ours, ground, bigRoom, seconds, signal),
      },
    ],
  },
  idleCase(ours, ground),
  roomSizeCase(ours, ground, seconds),
  // Last: it fills the tables.
  storedMessagesCase(logic, someInFlight, ground, seconds),
];
const outcomes: Record<string, Outcome> = {};
for (const one of values.peers ? peerCases : [...peerCases, ...ownCases]) {
  if (values.case.length > 0 && !values.case.some((part) => one.name.includes(part))) continue;
  const outcome = await runCase(one, rounds, signal);
  outcomes[one.name] = outcome;
  process.stdout.write(report(one, outcome));
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(outcomes, null, 2)}\n`);
