import type { Case } from "../case.ts";
import type { Contestant } from "../contestant.ts";
import { people, sessionOf } from "../ground.ts";
import { type Load, measure } from "../measure.ts";

const toPeople = (count: number) => {
  const { pair, person } = sessionOf(count % people);
  return { sessionId: pair, sender: person };
};

const toTheBot = (count: number) => {
  const { withBot, person } = sessionOf(count % people);
  return { sessionId: withBot, sender: person };
};

const manySessions: Load = { inFlight: 256, target: toPeople };
const question: Load = { inFlight: 256, target: toTheBot };
export const someInFlight: Load = { inFlight: 64, target: toPeople };

/**
 * The gateway's path into Logic. `contestants`: ours, the baseline, the raw limit. `withTask`: ours
 * while Task runs, which writes the inbox rows of what is sent to people.
 */
export function sendCases(
  contestants: readonly Contestant[],
  withTask: Contestant,
  seconds: number,
): Case[] {
  const against = (name: string, target: string, load: Load, compares = "per_second"): Case => ({
    name,
    compares,
    target,
    reference: contestants[1]?.name ?? "",
    contestants: contestants.map((contestant) => ({
      name: contestant.name,
      measure: (signal) => measureSends(contestant, load, seconds, signal),
    })),
  });
  const logic = contestants[0];
  return [
    against(
      "256 in flight over 1,000 sessions",
      "6 x the baseline, 45 % of the raw limit",
      manySessions,
    ),
    against("one hot session, 64 in flight", "8 x the baseline", {
      inFlight: 64,
      target: () => toPeople(0),
    }),
    against(
      "one in flight",
      "p50 1.2 x the baseline at most",
      { inFlight: 1, target: toPeople },
      "p50_ms",
    ),
    {
      name: "a question to a bot against a message to a person, 256 in flight",
      compares: "per_second",
      target: "0.9 x at least",
      reference: "to a person",
      contestants: [
        { name: "to a person", by: withTask, load: manySessions },
        { name: "to a bot", by: withTask, load: question },
        { name: "to a person, Logic alone", by: logic, load: manySessions },
        { name: "to a bot, Logic alone", by: logic, load: question },
      ].map(({ name, by, load }) => ({
        name,
        measure: (signal) => {
          if (!by) throw new TypeError("nobody to measure");
          return measureSends(by, load, seconds, signal);
        },
      })),
    },
  ];
}

async function measureSends(
  contestant: Contestant,
  load: Load,
  seconds: number,
  signal: AbortSignal,
) {
  await using sender = await contestant.open(signal);
  return await measure(sender, load, seconds);
}
