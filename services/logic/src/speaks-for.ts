import type { Queryable } from "@resonance/db";
import { ChatError } from "@resonance/kit";
import type { ServiceName } from "@resonance/rpc";
import type { Speaker } from "./send-message.ts";
import { listBots } from "./sql/users.ts";

/** Whom a calling service speaks for; undefined where callers are not asked who they are. */
export function speakerOf(caller: ServiceName | undefined): Speaker | undefined {
  if (caller === undefined) return undefined;
  return caller === "bot" ? "bots" : "people";
}

/**
 * Lets the bot's service read in the name of a bot alone: what people may read is not its business.
 *
 * @throws ChatError `permission_denied`
 */
export async function requireOwnName(
  deps: { db: Queryable },
  caller: ServiceName | undefined,
  username: string,
): Promise<void> {
  if (caller !== "bot") return;
  const bots: readonly string[] = await listBots(deps.db);
  if (bots.includes(username)) return;
  throw new ChatError("permission_denied", "the bot's service does not speak for this user", {
    reason: "not_allowed",
  });
}
