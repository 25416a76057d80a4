import type { Span } from "../span.ts";
import { endOfLine } from "./read-value.ts";
import { isStateWord } from "./value-kind.ts";

/**
 * The rest of secrets that a line break has cut in two, behind the prefix that a log gives each
 * line. Only what follows a secret up to its line's end is looked at, so that nothing happens to
 * texts without secrets.
 */
export function findContinuations(text: string, spans: readonly Span[]): Span[] {
  return spans.flatMap((span) => {
    const rest = continuation(text, span);
    return rest ? [{ ...rest, kind: span.kind, from: span.from ?? span.start }] : [];
  });
}

function continuation(text: string, span: Span): { start: number; end: number } | undefined {
  const after = /^(?:\\|["']?\s?[+\\.]|-)?[ \t]*\r?\n/.exec(text.slice(span.end, span.end + 12));
  if (!after || text.slice(span.start, span.end).includes("\n")) return undefined;
  const start = span.end + after[0].length;
  const lineEnd = Math.min(endOfLine(text, start), start + 8_192);
  const line = text.slice(start, lineEnd);
  const prefix = prefixLength(line);
  const piece = /^["'`]?([^\s"'`;&,]{3,4096})["'`]?(?:[;&,)}\]]\S{0,400}|\s|$)/.exec(
    line.slice(prefix),
  );
  const word = piece?.[1];
  if (!word) return undefined;
  const isAlone = line.slice(prefix).trim().length <= (piece?.[0].length ?? 0);
  const isMarked = /^[\\+"']/.test(after[0]);
  const length = span.end - span.start;
  if (!isPiece(word, { isAlone, isMarked, length })) return undefined;
  const at = start + prefix + (piece?.[0].indexOf(word) ?? 0);
  return { start: at, end: at + word.length };
}

// Time, level, name of the writer, in brackets or not, and the marks of wrapped output.
const linePrefix =
  /^[ \t]*(?:(?:\[?\d{4}-\d{2}-\d{2}[T ][\d:.,]{5,18}(?:Z|[+-]\d{2}:?\d{2})?\]?|\d{2}:\d{2}:\d{2}(?:[.,]\d+)?|[A-Z][a-z]{2}\s{1,2}\d{1,2} [\d:]{8}|\[?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|NOTICE|debug|info|warn|error)\]?:?|\[[\w.:/ -]{1,40}\]|[a-z][\w.-]{1,40}(?:\[\d+\])?:|(?:gateway|logic|task|bot|mysql|nats|stdout|stderr|out|err)(?:\s[FP])?|[a-z][\w.-]{0,30}(?=[ \t]{1,12}[|│┃])|[|>┃│]|\d{1,6}[|:])[ \t]+)*(?:[|>┃│][ \t]*)?/;

function prefixLength(line: string): number {
  const prefix = linePrefix.exec(line)?.[0] ?? "";
  // Behind its level a line often has the name of its writer.
  const isLevelled = /(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|NOTICE)\]?:?[ \t]+$/i.test(
    prefix,
  );
  const writer = isLevelled
    ? /^[a-z][a-z.-]{1,30}[ \t]+(?=\S)/.exec(line.slice(prefix.length))
    : null;
  return prefix.length + (writer?.[0].length ?? 0);
}

function isPiece(
  word: string,
  about: { isAlone: boolean; isMarked: boolean; length: number },
): boolean {
  if (isStateWord(word)) return false;
  if (
    /^[\w.$-]{1,60}[:=](?!=*$)/.test(word) ||
    /[:=]$/.test(word.replace(/=+$/, "")) ||
    /^\w+:\/\//.test(word)
  )
    return false;
  if (/^(?:[-=_*#.~]+|[{}[\]()<>]+|-----.*)$/.test(word)) return false;
  const isWordLike = /^[A-Za-z]?[a-z]+$/.test(word) || /^[a-z]+(?:[-_.][a-z]+)+$/i.test(word);
  if (about.isMarked) return true;
  if (about.isAlone)
    return (
      !isWordLike || (about.length >= 12 && word.length >= 4 && !/^[A-Z]?[a-z]{1,12}$/.test(word))
    );
  return (
    !isWordLike &&
    word.length >= 10 &&
    /\d/.test(word) &&
    /[A-Za-z]/.test(word) &&
    !/[:()]/.test(word) &&
    about.length >= 8
  );
}
