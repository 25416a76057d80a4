import { z } from "zod";
import { understand } from "./understand.ts";
import type { Arguments, Intent } from "./understanding.ts";

const row = z.object({
  id: z.string(),
  lang: z.enum(["zh", "en"]),
  context: z.string().nullable(),
  text: z.string(),
  intent: z.string(),
  args: z.record(z.string(), z.unknown()),
});

export type LabelledRow = z.output<typeof row>;

export type Score = {
  readonly rows: number;
  readonly intentRight: number;
  /** The intent is right and all arguments are. */
  readonly allRight: number;
  /** A restart answered to a row that asks for none, or for another service. */
  readonly guessedWrites: number;
  readonly mistakes: readonly string[];
};

/** Parses a labelled set, one JSON object a line. */
export function parseLabelled(jsonLines: string): LabelledRow[] {
  return jsonLines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => row.parse(JSON.parse(line)));
}

/** Runs the rules over a labelled set. */
export function score(rows: readonly LabelledRow[]): Score {
  const mistakes: string[] = [];
  let intentRight = 0;
  let allRight = 0;
  let guessedWrites = 0;
  for (const { id, context, text, intent, args } of rows) {
    const before = context === null ? null : understand(context, null);
    const understood = understand(text, before);
    const isIntentRight = understood.intent === intent;
    const isRight = isIntentRight && sameArguments(understood.args, args);
    if (isIntentRight) intentRight++;
    if (isRight) allRight++;
    else mistakes.push(`${id} ${text}: ${describe(understood.intent, understood.args)}`);
    if (isGuessedWrite(understood.intent, understood.args, intent, args)) guessedWrites++;
  }
  return { rows: rows.length, intentRight, allRight, guessedWrites, mistakes };
}

function isGuessedWrite(
  intent: Intent,
  args: Arguments,
  wantedIntent: string,
  wanted: Readonly<Record<string, unknown>>,
): boolean {
  if (intent !== "restart_service") return false;
  return wantedIntent !== "restart_service" || wanted.service !== args.service;
}

function sameArguments(found: Arguments, wanted: Readonly<Record<string, unknown>>): boolean {
  const keys = new Set([...Object.keys(found), ...Object.keys(wanted)]);
  const values = new Map<string, unknown>(Object.entries(found));
  return [...keys].every((key) => sameValue(key, values.get(key), wanted[key]));
}

function sameValue(key: string, found: unknown, wanted: unknown): boolean {
  if (key !== "include" && key !== "exclude") return found === wanted;
  if (typeof found !== "string" || typeof wanted !== "string") return found === wanted;
  return alternatives(found) === alternatives(wanted);
}

function alternatives(text: string): string {
  return text.toLowerCase().split("|").sort().join("|");
}

function describe(intent: Intent, args: Arguments): string {
  return `${intent} ${JSON.stringify(args)}`;
}
