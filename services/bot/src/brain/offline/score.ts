import { z } from "zod";
import { understand } from "./understand.ts";
import type { Understanding } from "./understanding.ts";

const row = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  lang: z.string(),
  context: z.string().nullish(),
  text: z.string(),
  intent: z.string(),
  args: z.record(z.string(), z.unknown()).default({}),
});

export type LabelledRow = z.output<typeof row>;

export type Miss = {
  readonly id: string;
  readonly context: string | undefined;
  readonly text: string;
  readonly wanted: string;
  readonly found: string;
};

/** Of all rows, of a language, or of an intent. */
export type Tally = {
  readonly rows: number;
  readonly intentRight: number;
  /** The intent is right and all arguments are. */
  readonly allRight: number;
};

export type Score = Tally & {
  readonly byLanguage: Readonly<Record<string, Tally>>;
  readonly byIntent: Readonly<Record<string, Tally>>;
  /** Restarts answered to rows that ask for none, or for another service. */
  readonly guessedWrites: readonly Miss[];
  readonly misses: readonly Miss[];
};

/** What a release must reach, as shares of all rows. */
export const floor = { intent: 0.97, all: 0.92 } as const;

/** Whether a set is understood well enough, and no write was guessed. */
export function isGoodEnough({ rows, intentRight, allRight, guessedWrites }: Score): boolean {
  const isUnderstood = intentRight >= floor.intent * rows && allRight >= floor.all * rows;
  return rows > 0 && isUnderstood && guessedWrites.length === 0;
}

/**
 * Parses a labelled set, one JSON object a line.
 *
 * @throws an error that names the line
 */
export function parseLabelled(jsonLines: string): LabelledRow[] {
  return jsonLines.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    try {
      return [row.parse(JSON.parse(line))];
    } catch (error) {
      throw new Error(`line ${index + 1} is no labelled utterance`, { cause: error });
    }
  });
}

/** Runs the rules over a labelled set. */
export function score(rows: readonly LabelledRow[]): Score {
  const judged = rows.map(judge);
  const missed = judged.filter(({ isRight }) => !isRight);
  return {
    ...tally(judged),
    byLanguage: tallyBy(judged, ({ row }) => row.lang),
    byIntent: tallyBy(judged, ({ row }) => row.intent),
    guessedWrites: judged.filter(isGuessedWrite).map(missOf),
    misses: missed.map(missOf),
  };
}

type Judged = {
  readonly row: LabelledRow;
  readonly understood: Understanding;
  readonly isIntentRight: boolean;
  readonly isRight: boolean;
};

function judge(row: LabelledRow): Judged {
  const before = row.context ? understand(row.context, null) : null;
  const understood = understand(row.text, before);
  const isIntentRight = understood.intent === row.intent;
  const isRight = isIntentRight && sameArguments(understood.args, row.args);
  return { row, understood, isIntentRight, isRight };
}

function tally(judged: readonly Judged[]): Tally {
  return {
    rows: judged.length,
    intentRight: judged.filter(({ isIntentRight }) => isIntentRight).length,
    allRight: judged.filter(({ isRight }) => isRight).length,
  };
}

function tallyBy(judged: readonly Judged[], key: (one: Judged) => string): Record<string, Tally> {
  const groups = [...Map.groupBy(judged, key)].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(groups.map(([name, group]) => [name, tally(group)]));
}

function missOf({ row, understood }: Judged): Miss {
  return {
    id: row.id,
    context: row.context ?? undefined,
    text: row.text,
    wanted: `${row.intent} ${JSON.stringify(row.args)}`,
    found: `${understood.intent} ${JSON.stringify(understood.args)}`,
  };
}

function isGuessedWrite({ row, understood }: Judged): boolean {
  if (understood.intent !== "restart_service") return false;
  return row.intent !== "restart_service" || row.args.service !== understood.args.service;
}

type Values = Readonly<Record<string, unknown>>;

function sameArguments(found: Values, wanted: Values): boolean {
  const [one, other] = [countAsRate(found), countAsRate(wanted)];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => sameValue(key, one[key], other[key]));
}

/** How many messages were sent may be answered by the rate at which they were. */
function countAsRate(values: Values): Values {
  const { messagesCount, ...others } = values;
  return messagesCount === true ? { ...others, metric: "send_rate" } : values;
}

function sameValue(key: string, found: unknown, wanted: unknown): boolean {
  if (key !== "include" && key !== "exclude") return found === wanted;
  if (typeof found !== "string" || typeof wanted !== "string") return found === wanted;
  return (
    alternatives(found) === alternatives(wanted) ||
    (isServerErrors(found) && isServerErrors(wanted))
  );
}

function alternatives(text: string): string {
  return text.toLowerCase().split("|").toSorted().join("|");
}

/** Any pattern for 500 to 599 that does not take 404 for one of them. */
function isServerErrors(text: string): boolean {
  if (!/^[\d\\[\]{}d.xX|()?:^$b-]{3,40}$/.test(text)) return false;
  try {
    const pattern = new RegExp(text);
    return ["500", "503", "555", "599"].every((code) => pattern.test(code)) && !pattern.test("404");
  } catch {
    return false;
  }
}
