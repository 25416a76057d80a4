import { fromBinary, toJsonString } from "@bufbuild/protobuf";
import type { Database } from "@resonance/db";
import { BotEventSchema, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { printable } from "../printable.ts";
import {
  countDeadLetters,
  type DeadLetter,
  findDeadLetter,
  listDeadLetters,
} from "../sql/dead-letters.ts";
import { type Replayed, replay, replayAll } from "./replay.ts";

export const usage = `usage: npm run dead-letters -- COMMAND

  list             the newest events that were set aside and never replayed
  list --all       those that were replayed, too
  show ID          one of them, with its payload
  replay ID...     publish these again
  replay --all     publish all again that never were

Of the stack under RESONANCE_HOME, or of the database that RESONANCE_MYSQL_URL names.`;

type Deps = {
  readonly db: Database;
  /** Takes a line for the operator. */
  readonly say: (line: string) => void;
};

/** Runs the command. Gives the exit code: 0, or 1 when not all was done that was asked for. */
export async function runDeadLetters(
  deps: Deps,
  words: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const [command, ...rest] = words;
  const all = rest.length === 1 && rest[0] === "--all";
  const ids = rest.flatMap((word) => (/^[1-9]\d{0,17}$/.test(word) ? [BigInt(word)] : []));
  const onlyIds = ids.length > 0 && ids.length === rest.length;
  if (command === "list" && (all || rest.length === 0)) return await list(deps, all);
  const [id] = ids;
  if (command === "show" && onlyIds && id !== undefined && ids.length === 1) {
    return await show(deps, id);
  }
  if (command === "replay" && all) return report(deps, await replayAll(deps.db, signal));
  if (command === "replay" && onlyIds) return report(deps, await replay(deps.db, ids, signal));
  deps.say(usage);
  return 1;
}

const listedLetters = 100;
const listedCauseCharacters = 100;

async function list({ db, say }: Deps, replayedToo: boolean): Promise<number> {
  const counts = await countDeadLetters(db);
  const letters = await listDeadLetters(db, { replayedToo, limit: listedLetters });
  for (const letter of letters) {
    const cause = (letter.cause.split("\n")[0] ?? "").slice(0, listedCauseCharacters);
    const replayed = letter.replayedAt ? ` replayed ${letter.replayedAt.toISOString()}` : "";
    say(
      printable(
        `${letter.id}  ${letter.createdAt.toISOString()}  ${letter.topic}  ${deliveries(letter)}${replayed}  ${cause}`,
      ),
    );
  }
  const left = (replayedToo ? counts.all : counts.unreplayed) - letters.length;
  if (left > 0) say(`and ${left} older ones`);
  say(`${counts.unreplayed} never replayed, ${counts.all} in all`);
  return 0;
}

async function show({ db, say }: Deps, id: bigint): Promise<number> {
  const letter = await findDeadLetter(db, id);
  if (!letter) {
    say(`letter ${id}: there is no such letter`);
    return 1;
  }
  say(`letter    ${letter.id}`);
  say(`topic     ${printable(letter.topic)}`);
  say(`set aside ${letter.createdAt.toISOString()} after ${deliveries(letter)}`);
  say(`replayed  ${letter.replayedAt?.toISOString() ?? "never"}`);
  say(`cause     ${printable(letter.cause)}`);
  say(`payload   ${letter.payload.length} bytes`);
  say(printable(payloadText(letter)));
  return 0;
}

function report({ say }: Deps, { replayed, refused }: Replayed): number {
  for (const { id, why } of refused) say(`letter ${id}: ${why}`);
  const events = `${replayed.length} ${replayed.length === 1 ? "event" : "events"}`;
  say(
    replayed.length === 0
      ? "nothing is replayed"
      : `${events} put back into the outbox: Logic publishes them within seconds`,
  );
  return refused.length === 0 ? 0 : 1;
}

const eventSchemas = [PushEventSchema, BotEventSchema];
const shownBytes = 4_096;

function payloadText({ topic, payload }: DeadLetter): string {
  const schema = eventSchemas.find((each) => topicOf(each) === topic);
  try {
    if (schema) return toJsonString(schema, fromBinary(schema, payload), { prettySpaces: 2 });
  } catch {
    // What cannot be decoded is shown as it is: this is why it was set aside.
  }
  const hex = Buffer.from(payload.subarray(0, shownBytes)).toString("hex");
  const left = payload.length - shownBytes;
  return `${(hex.match(/.{1,64}/g) ?? []).join("\n")}${left > 0 ? `\nand ${left} bytes more` : ""}`;
}

function deliveries({ deliveryCount }: { deliveryCount: number }): string {
  return `${deliveryCount} ${deliveryCount === 1 ? "delivery" : "deliveries"}`;
}
