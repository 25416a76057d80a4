/** A message of the timeline, as far as a proposal goes. */
type Said = { readonly fromUsername: string; readonly content: string };

const card = /^\*\*(?:Proposal|提案) `([a-z0-9]{4,16})`(?:: restart |：重启 )/;
const outcome = /^\*\*(?:Proposal|提案) `([a-z0-9]{4,16})`(?:: |：)/;
const decision = /(?:^|\s)\/(?:approve|reject) ([a-z0-9]{4,16})\b/;

/** The proposal that a message of the bot is the card of, or undefined. */
export function proposalOf(message: Said, bot: string): string | undefined {
  return message.fromUsername === bot ? card.exec(message.content)?.[1] : undefined;
}

/**
 * The proposals whose cards ask `me` for a decision still: no outcome was said, and I have not
 * decided here. Whether a decision counts, and anybody else's, is the server's to say.
 */
export function openProposals(
  messages: readonly Said[],
  { bot, me }: { readonly bot: string; readonly me: string },
): ReadonlySet<string> {
  const open = new Set<string>();
  for (const message of messages) {
    const shown = proposalOf(message, bot);
    if (shown !== undefined) open.add(shown);
    else if (message.fromUsername === bot) open.delete(outcome.exec(message.content)?.[1] ?? "");
    else if (message.fromUsername === me) open.delete(decision.exec(message.content)?.[1] ?? "");
  }
  return open;
}
