import { findAssignments } from "./detect/assignments.ts";
import { findInCommands } from "./detect/commands.ts";
import { findContinuations } from "./detect/continuations.ts";
import { findEchoes } from "./detect/echoes.ts";
import { findHashes } from "./detect/hashes.ts";
import { findHeaderSecrets } from "./detect/headers.ts";
import { findKeyBlocks } from "./detect/key-blocks.ts";
import { findMnemonics } from "./detect/mnemonic.ts";
import { findNamedValues } from "./detect/named-values.ts";
import { findInProse } from "./detect/prose.ts";
import { findProviderTokens } from "./detect/provider-tokens.ts";
import { findByRuleSet } from "./detect/rule-set.ts";
import { findUrlCredentials } from "./detect/url-credentials.ts";
import { findWebTokens } from "./detect/web-tokens.ts";
import { findWrapped } from "./detect/wrapped.ts";
import { mergeSpans, type Span } from "./span.ts";

export type FindOptions = {
  /** The text begins within a key block that began before it. */
  readonly insideKeyBlock?: boolean;
  /** How many times a text may be encoded within a text. */
  readonly depth?: number;
};

/** Where the secrets of a text stand, in order, none touching another. Linear in its length. */
export function findSecrets(text: string, options: FindOptions = {}): Span[] {
  const depth = options.depth ?? 2;
  const found = mergeSpans([
    ...findByRuleSet(text),
    ...findKeyBlocks(text, options.insideKeyBlock),
    ...findProviderTokens(text),
    ...findWebTokens(text),
    ...findUrlCredentials(text),
    ...findHeaderSecrets(text),
    ...findAssignments(text),
    ...findNamedValues(text),
    ...findInProse(text),
    ...findInCommands(text),
    ...findHashes(text),
    ...findMnemonics(text),
    ...(depth > 0 ? findWrapped(text, (inner) => findSecrets(inner, { depth: depth - 1 })) : []),
  ]);
  return mergeSpans([...found, ...findContinuations(text, found), ...findEchoes(text, found)]);
}
