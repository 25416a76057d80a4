import type { AskArguments } from "./ask-arguments.ts";

/** The id of the proposal that an answer says how to decide; a list of commands names none. */
export function proposalIn(answer: string): string | undefined {
  return /\/approve ([a-z0-9]{4,16})\b.*\/reject \1\b/.exec(answer)?.[1];
}

/** What approves it at this terminal, asking where and as whom the question was asked. */
export function commandToApprove(
  id: string,
  { url, user }: Pick<AskArguments, "url" | "user">,
): string {
  const where = url === undefined ? "" : ` --url ${url}`;
  const who = user === "admin" ? "" : ` --user ${user}`;
  return `npm run -s ask -- "/approve ${id}"${where}${who}`;
}
