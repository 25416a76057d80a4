import type { History } from "../state/chat-state.ts";

/** A mention that is being written: `@` at `start`, and what of a name stands behind it. */
export type Mention = { readonly start: number; readonly end: number; readonly begun: string };

const mostNames = 8;

/** The mention in which the cursor stands, if it stands in one that the server would see. */
export function mentionAt(content: string, cursor: number): Mention | undefined {
  const found = /(?:^|\p{Script=Han}|[^\p{L}\p{N}_.-])@([^\s@]*)$/u.exec(content.slice(0, cursor));
  const begun = found?.[1];
  if (begun === undefined) return undefined;
  return { start: cursor - begun.length - 1, end: cursor, begun };
}

/** The names that begin so, in their order, at most 8; none once one of them is there whole. */
export function namesFor(begun: string, names: readonly string[]): readonly string[] {
  const start = begun.toLowerCase();
  const matching = names.filter((name) => name.toLowerCase().startsWith(start));
  if (matching.some((name) => name.toLowerCase() === start)) return [];
  return matching.slice(0, mostNames);
}

/** The bots of a group, then who has written in what is loaded of it, the last first, then the rest. */
export function mentionable(
  bots: readonly string[],
  { timeline, members }: Pick<History, "timeline" | "members">,
  me: string,
): readonly string[] {
  const writers = timeline.messages.map(({ fromUsername }) => fromUsername).reverse();
  const names = new Set([...bots, ...writers, ...members]);
  return [...names].filter((name) => name !== me && name !== "system");
}
