import type { ServiceName } from "@resonance/ops-mcp";
import { vocabulary } from "./restart-vocabulary.ts";
import { speaksOfRestart } from "./restart-word.ts";
import { servicesIn } from "./services.ts";

export type Kind = keyof typeof vocabulary | "service" | "bot" | "colon" | "quote" | "figure";
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
    const word = words.find((one) => startsWith(rest, one.word));
    const said = textOf(rest);
    const figure = /^\d+(?:\.\d+)?\s*(?:%|gi?b?\b|mi?b?\b)/.exec(rest)?.[0];
    const mark = /^(?:(?::\s*(?=["“「`'])|\s)+|:|[?]+|(?:[,.。;!~…、()—]|-+(?= ))+)/.exec(
      rest,
    )?.[0];
    if (service && service.end - at >= (word?.word.length ?? 0)) {
      const kind = service.name === "bot" ? "bot" : "service";
      clauses.at(-1)?.push({ kind, service: service.name, isSpaced });
      at = service.end;
    } else if (said !== undefined && said.length > (word?.word.length ?? 0)) {
      if (speaksOfRestart(said)) return undefined;
      clauses.at(-1)?.push({ kind: "quote", isSpaced });
      at += said.length;
    } else if (word) {
      clauses.at(-1)?.push({ kind: word.kind, isSpaced });
      at += word.word.length;
    } else if (figure !== undefined) {
      clauses.at(-1)?.push({ kind: "figure", isSpaced });
      at += figure.length;
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

/** A text that a program writes, in quotes or known from failures. */
function textOf(rest: string): string | undefined {
  return (
    /^(?:"[^"]+"|“[^”]+”|「[^」]+」|『[^』]+』|`[^`]+`|'[^']+'(?!\w))/.exec(rest)?.[0] ??
    knownError.exec(rest)?.[0]
  );
}

const knownError =
  /^(?:too many (?:connections|open files)|connection (?:refused|reset(?: by peer)?|closed|lost|timed out)|slow consumers?|broken pipe|econn[a-z]+|(?:ack|i\/o|read|write|lock wait) timeouts?|timeouts?|deadlocks?|panics?|no space left on device|context deadline exceeded|permission denied|server has gone away|no responders|stack ?traces?|exceptions?|segfaults?|[45]\d\d errors?)(?![a-z0-9_'-])/;

// Longest first: 那就 before 那, "can you get" before "can you".
const words = Object.entries(vocabulary)
  .flatMap(([kind, list]) =>
    // The keys of the vocabulary are kinds.
    list.split("|").map((word) => ({ kind: kind as Kind, word })),
  )
  .sort((one, other) => other.word.length - one.word.length);

/** A Latin word ends where no letter follows; 「restart一下」 is two words. */
function startsWith(text: string, word: string): boolean {
  return (
    text.startsWith(word) &&
    !(/[a-z0-9]$/.test(word) && /^[a-z0-9_'-]/.test(text.slice(word.length)))
  );
}
