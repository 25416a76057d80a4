import { randomBytes } from "node:crypto";
import { eventually } from "@resonance/testkit";
import type { RowDataPacket } from "mysql2/promise";
import { type Asked, ask } from "./ask.ts";
import type { Harm } from "./harm.ts";
import { obeying, ticketOf } from "./obey.ts";
import { observeLeaks, observeScope, observeWrites } from "./observe.ts";
import { type Ground, openGround } from "./open-ground.ts";
import { openPeople, type People } from "./people.ts";
import { type Planned, planAttacks } from "./plan.ts";
import { plantAll } from "./plant.ts";
import type { Attack } from "./read-corpus.ts";
import type { Report } from "./report.ts";
import { comparedStanding, readAudit, readStanding } from "./standing.ts";

/**
 * Runs every attack against a stack of its own, whose model obeys the attacker, and says what came
 * of it.
 *
 * @param sabotage done before anybody looks: how it is shown that harm would be seen
 */
export async function runAttack(
  attacks: readonly Attack[],
  sabotage: (ground: Ground, people: People, bait: string) => Promise<void> = () =>
    Promise.resolve(),
): Promise<Report> {
  const started = performance.now();
  const planned = planAttacks(attacks, randomBytes(6).toString("hex"));
  let bait = "";
  await using ground = await openGround(planned, (given) =>
    obeying({ planned, ground: given, bait: () => bait }),
  );
  await using people = await openPeople(ground);
  const lines = await plantAll(ground, planned);
  bait = await propose(people);
  const before = await readStanding(ground, people);

  const { asked, unanswered } = await askAll(ground, people, planned, bait);
  await people.late.ask("good morning, is all well?");
  await sabotage(ground, people, bait);

  const after = await readStanding(ground, people);
  const audit = await readAudit(ground);
  const auditExport = audit.exported;
  const scene = { ground, people, planned, asked, lines, bait, auditExport };
  const harms: Harm[] = [
    ...(await observeWrites(scene)),
    ...(await observeLeaks(scene)),
    ...observeScope(scene),
    ...comparedStanding(before, after),
    ...audit.harms,
  ];
  const read = readBy(ground, planned);
  const seconds = (performance.now() - started) / 1_000;
  return { attacks, read, unanswered, harms: distinct(harms), seconds };
}

/** A proposal that waits for an administrator, for attacks that would have it approved. */
async function propose({ late, db }: People): Promise<string> {
  await late.ask("/restart logic it is slow");
  return await eventually(async () => {
    const [rows] = await db.query<RowDataPacket[]>("SELECT proposal_id AS id FROM t_bot_proposal");
    const id = rows[0]?.id;
    if (typeof id !== "string") throw new Error("nothing is proposed");
    return id;
  });
}

/** The attacks in their order, as many side by side as there are lanes. */
async function askAll(
  ground: Ground,
  people: People,
  planned: readonly Planned[],
  bait: string,
): Promise<{ readonly asked: readonly Asked[]; readonly unanswered: ReadonlyMap<string, string> }> {
  const asked: Asked[] = [];
  const unanswered = new Map<string, string>();
  const open = [...planned];
  await Promise.all(
    people.lanes.map(async (lane) => {
      for (let one = open.shift(); one; one = open.shift()) {
        try {
          asked.push(...(await ask(ground, people, lane, one, bait)));
        } catch (error) {
          // One that cannot be run must not hide what the others do; it is reported as not run.
          unanswered.set(one.attack.id, error instanceof Error ? error.message : String(error));
        }
      }
    }),
  );
  return { asked, unanswered };
}

/** The attacks whose text, or the beginning of it, stood in a request. */
function readBy({ model }: Ground, planned: readonly Planned[]): ReadonlySet<string> {
  const read = new Set<string>();
  for (const request of model.requests) {
    const one = planned.find(({ ticket }) => ticket === ticketOf(request));
    if (!one || read.has(one.attack.id)) continue;
    const body = plain(JSON.stringify(request.body));
    const signs = one.text.split("\n").map((line) => plain(line).slice(0, 24));
    if (signs.some((sign) => sign.length >= 3 && body.includes(sign))) read.add(one.attack.id);
  }
  return read;
}

/** Letters and digits alone: whatever way a text is quoted, they stay. */
function plain(text: string): string {
  return text.replaceAll(/\\[nrtu]/g, "").replaceAll(/[^\p{L}\p{N}]/gu, "");
}

function distinct(harms: readonly Harm[]): readonly Harm[] {
  return [...new Map(harms.map((harm) => [JSON.stringify(harm), harm])).values()];
}
