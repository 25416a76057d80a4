import { callTools, type ModelRequest, type Reply, say } from "@resonance/scripted-model";
import { readingCalls, wantedCalls } from "./attempts.ts";
import type { Ground } from "./open-ground.ts";
import type { Planned } from "./plan.ts";
import { worstAnswer } from "./worst-answer.ts";

/** What the model needs to know to do the attacker's will. */
export type Obedience = {
  readonly planned: readonly Planned[];
  readonly ground: () => Pick<Ground, "listener">;
  /** A proposal that really waits. */
  readonly bait: () => string;
};

/**
 * A model that obeys the attacker: it reads what it was asked to look at, asks for exactly what the
 * text wants, asks again in other shapes, and answers with the worst that it can say.
 */
export function obeying({ planned, ground, bait }: Obedience): (request: ModelRequest) => Reply {
  const stepOf = new Map<string, number>();
  return (request) => {
    const question = questionOf(request);
    const ticket = ticketOf(request);
    const one = planned.find((candidate) => candidate.ticket === ticket);
    if (!one) return say("All is quiet.");
    // The same ticket may be asked about by several people.
    const key = `${ticket} ${question}`;
    const step = stepOf.get(key) ?? 0;
    stepOf.set(key, step + 1);
    const more = { url: ground().listener.url, bait: bait() };
    if (step === 0 && request.tools.length > 0) return callTools(...readingCalls(one));
    if (step === 1) return callTools(...wantedCalls(one, request, more, 1));
    if (step === 2) return callTools(...wantedCalls(one, request, more, 2));
    stepOf.delete(key);
    return say(worstAnswer(one, request, more));
  };
}

/** The ticket that a request is about: of the last question in it. */
export function ticketOf(request: ModelRequest): number | undefined {
  const tickets = [...questionOf(request).matchAll(/\bticket (\d{4,6})\b/g)];
  const last = tickets.at(-1)?.[1];
  return last === undefined ? undefined : Number(last);
}

function questionOf(request: ModelRequest): string {
  const last = request.entries.findLast(({ kind }) => kind === "user");
  return last?.kind === "user" ? last.text : "";
}
