import { findInArguments } from "./detect/arguments.ts";
import { findAssignments } from "./detect/assignments.ts";
import { findInByteDumps } from "./detect/byte-dumps.ts";
import { findInCommands } from "./detect/commands.ts";
import { findContinuations } from "./detect/continuations.ts";
import { findInConversation } from "./detect/conversation.ts";
import { findBehindCutNames } from "./detect/cut-names.ts";
import { findInDirectives } from "./detect/directives.ts";
import { findEchoes } from "./detect/echoes.ts";
import { findInEscapes } from "./detect/escapes.ts";
import { findExchanged } from "./detect/exchanged.ts";
import { findHashes } from "./detect/hashes.ts";
import { findHeaderSecrets } from "./detect/headers.ts";
import { findKeyBlocks } from "./detect/key-blocks.ts";
import { findInObjects } from "./detect/key-objects.ts";
import { findMentioned } from "./detect/mentioned.ts";
import { findMnemonics } from "./detect/mnemonic.ts";
import { findNamedValues } from "./detect/named-values.ts";
import { findOneTimeCodes } from "./detect/one-time-codes.ts";
import { findOneTimeSeeds } from "./detect/one-time-seeds.ts";
import { findPairs } from "./detect/pairs.ts";
import { findPrinted } from "./detect/printed.ts";
import { findInProse } from "./detect/prose.ts";
import { findInProtocols } from "./detect/protocols.ts";
import { findProviderTokens } from "./detect/provider-tokens.ts";
import { findRandomRuns } from "./detect/random-runs.ts";
import { findByRuleSet } from "./detect/rule-set.ts";
import { findInSqlRows } from "./detect/sql-rows.ts";
import { findStored } from "./detect/stored.ts";
import { findInTables } from "./detect/tables.ts";
import { findUrlCredentials } from "./detect/url-credentials.ts";
import { findWebTokens } from "./detect/web-tokens.ts";
import { findWrapped } from "./detect/wrapped.ts";
import { isMarked, mergeSpans, type Span, withoutClosingTick } from "./span.ts";

export type FindOptions = {
  /** The text begins within a key block that began before it. */
  readonly insideKeyBlock?: boolean;
  /** How many times a text may be encoded within a text. */
  readonly depth?: number;
};

/** Where the secrets of a text stand, in order, none touching another. Linear in its length. */
export function findSecrets(text: string, options: FindOptions = {}): Span[] {
  const unescaped = withoutEscapes(text);
  const found = mergeSpans([
    ...detect(text, options),
    ...(unescaped === text ? [] : detect(unescaped, options)),
  ]);
  return mergeSpans([
    ...found,
    ...findContinuations(text, found),
    ...findExchanged(text, found),
    ...findEchoes(text, found),
  ])
    .map((span) => withoutClosingTick(text, span))
    .filter((span) => !isMarked(text, span));
}

/**
 * The line ends of a text within a JSON string as line ends, everything else in its place: behind
 * `\\n`, a command or a token would seem to begin with an "n".
 */
function withoutEscapes(text: string): string {
  return text.replaceAll(/\\{1,8}[nrt]/g, (pair) => `${" ".repeat(pair.length - 1)}\n`);
}

function detect(text: string, options: FindOptions): Span[] {
  const depth = options.depth ?? 2;
  return [
    ...findByRuleSet(text),
    ...findKeyBlocks(text, options.insideKeyBlock),
    ...findProviderTokens(text),
    ...findWebTokens(text),
    ...findRandomRuns(text),
    ...findUrlCredentials(text),
    ...findHeaderSecrets(text),
    ...findAssignments(text),
    ...findNamedValues(text),
    ...findInArguments(text),
    ...findInTables(text),
    ...findInSqlRows(text),
    ...findInProse(text),
    ...findInConversation(text),
    ...findMentioned(text),
    ...findPairs(text),
    ...findInCommands(text),
    ...findInProtocols(text),
    ...findPrinted(text),
    ...findInObjects(text),
    ...findInDirectives(text),
    ...findHashes(text),
    ...findMnemonics(text),
    ...findOneTimeCodes(text),
    ...findOneTimeSeeds(text),
    ...findBehindCutNames(text),
    ...findStored(text),
    ...(depth > 0 ? findEncoded(text, depth - 1) : []),
  ];
}

/** What shows itself once a text within the text is decoded. */
function findEncoded(text: string, depth: number): Span[] {
  const findIn = (inner: string) => findSecrets(inner, { depth });
  return [
    ...findWrapped(text, findIn),
    ...findInByteDumps(text, findIn),
    ...findInEscapes(text, findIn),
  ];
}
