import type { ServiceName } from "@resonance/ops-mcp";
import { vocabulary } from "./restart-vocabulary.ts";
import { speaksOfRestart } from "./restart-word.ts";
import { servicesIn } from "./services.ts";

export type Kind = keyof typeof vocabulary | "service" | "bot" | "colon" | "quote" | Shaped;
/** What is known by its shape: "95%", "for 20 minutes", "CHG-4711", "4711". */
type Shaped = "figure" | "lasting" | "paperId" | "number";
/** A word by what it does in an order to restart. */
export type Token = {
  readonly kind: Kind;
  readonly service?: ServiceName;
  /** Whether a space stands before it. */
  readonly isSpaced: boolean;
};
export type Clause = readonly Token[];

/** The clauses of a text, unless one of its words is in no vocabulary. */
export function clausesOf(text: string): Clause[] | undefined {
  const lower = text.toLowerCase();
  const named = new Map(servicesIn(lower).map((one) => [one.start, one]));
  const clauses: Token[][] = [[]];
  for (let at = 0; at < lower.length; ) {
    const rest = lower.slice(at);
    const isSpaced = lower[at - 1] === " ";
    const service = named.get(at);
    const word = wordAt(rest);
    const said = textOf(rest);
    const shape = shapeOf(rest);
    const mark = separator.exec(rest)?.[0];
    if (service && service.end - at >= (word?.word.length ?? 0)) {
      const kind = service.name === "bot" ? "bot" : "service";
      clauses.at(-1)?.push({ kind, service: service.name, isSpaced });
      at = service.end;
    } else if (said !== undefined && said.length > (word?.word.length ?? 0)) {
      if (speaksOfRestart(said)) return undefined;
      clauses.at(-1)?.push({ kind: "quote", isSpaced });
      at += said.length;
    } else if (word && word.word.length >= (shape?.length ?? 0)) {
      clauses.at(-1)?.push({ kind: word.kind, isSpaced });
      at += word.word.length;
    } else if (shape) {
      clauses.at(-1)?.push({ kind: shape.kind, isSpaced });
      at += shape.length;
    } else if (mark !== undefined) {
      if (mark === ":") clauses.at(-1)?.push({ kind: "colon", isSpaced });
      if (mark.startsWith("?")) clauses.at(-1)?.push({ kind: "ma", isSpaced });
      // What is said behind a colon belongs to who says it.
      if (!/^[\s:]*$/.test(mark) || mark === ":") clauses.push([]);
      at += mark.length;
    } else return undefined;
  }
  return clauses.filter((clause) => clause.length > 0);
}

const separator = /^(?:(?::\s*(?=["“「`'])|\s)+|:|[?]+|(?:[,.。;!~…、()—]|-+(?= ))+)/;

/** A text that a program writes, in quotes or known from failures. */
function textOf(rest: string): string | undefined {
  return (
    /^(?:"[^"]+"|“[^”]+”|「[^」]+」|『[^』]+』|`[^`]+`|'[^']+'(?!\w))/.exec(rest)?.[0] ??
    knownError.exec(rest)?.[0]
  );
}

const knownError =
  /^(?:too many (?:connections|open files)|connection (?:refused|reset(?: by peer)?|closed|lost|timed out)|slow consumers?|broken pipe|econn[a-z]+|(?:ack|i\/o|read|write|lock wait) timeouts?|timeouts?|deadlocks?|panics?|no space left on device|context deadline exceeded|permission denied|server has gone away|no responders|stack ?traces?|exceptions?|segfaults?|[45]\d\d errors?)(?![a-z0-9_'-])/;

function shapeOf(rest: string): { readonly kind: Kind; readonly length: number } | undefined {
  for (const [kind, pattern] of shapes) {
    const length = pattern.exec(rest)?.[0].length;
    if (length !== undefined) return { kind, length };
  }
  return undefined;
}

const shapes: readonly [Kind, RegExp][] = [
  // "[urgent]" is a heading, "[error]" the beginning of a line of a log.
  ["urgent", /^(?:\[(?:urgent|asap|emergency|p[0-2])\]|【(?:紧急|急|加急|特急|p[0-2])】)/],
  ["paperId", /^(?:[a-z]{2,8}-\d{1,8}(?:-\d{1,8})?|(?:chg|cr|inc|rfc|req|itsm)\d{3,10})(?![\w-])/],
  [
    "lasting",
    /^(?:(?:for )?(?:about |over |almost )?(?:the (?:last|past) )?(?:\d{1,3}|an?|half an|two|ten|several|a few|a couple of) ?(?:m|h|mins?|minutes?|hours?)(?: now| already)?|since (?:\d{1,2}(?::\d\d)? ?(?:am|pm)?|[01]?\d:\d\d)|(?:快|有|都)?(?:\d{1,3}|[一二两三四五六七八九十几半]{1,3}|好几)个?(?:多)?(?:分钟|小时|钟头)(?:多)?了)(?![\w-])/,
  ],
  ["swear", /^it's \d{1,2}(?::\d\d)? ?(?:am|pm|in the morning)(?: here)?(?![\w-])/],
  ["figure", /^\d+(?:\.\d+)?\s*(?:%|gi?b?\b|mi?b?\b)/],
  ["number", /^#?\d{3,12}(?![\w-])/],
];

type Word = { readonly kind: Kind; readonly word: string };

// Longest first: 那就 before 那, "can you get" before "can you".
const wordsByLetter = Map.groupBy(
  Object.entries(vocabulary)
    .flatMap(([kind, list]): Word[] =>
      // The keys of the vocabulary are kinds.
      list.split("|").map((word) => ({ kind: kind as Kind, word })),
    )
    .sort((one, other) => other.word.length - one.word.length),
  ({ word }) => word.charAt(0),
);

function wordAt(rest: string): Word | undefined {
  return wordsByLetter.get(rest.charAt(0))?.find(({ word }) => startsWith(rest, word));
}

/** A Latin word ends where no letter follows; 「restart一下」 is two words, "who's" may be. */
function startsWith(text: string, word: string): boolean {
  return (
    text.startsWith(word) &&
    !(/[a-z0-9]$/.test(word) && /^(?:[a-z0-9_-]|'(?!s\b))/.test(text.slice(word.length)))
  );
}
