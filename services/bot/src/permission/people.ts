import type { Queryable } from "@resonance/db";
import { listPeople } from "../sql/people.ts";
import type { Circumstances } from "./may.ts";
import { type Role, roles } from "./policy.ts";

/**
 * Who asks and who would read the answer, as the database says now. Undefined for somebody who is
 * not there, is disabled, is a bot, or is no member of the session any more.
 */
export async function circumstancesOf(
  db: Queryable,
  requester: string,
  sessionId: string,
): Promise<Circumstances | undefined> {
  const people = await listPeople(db, sessionId);
  const own = people.find(({ username }) => username === requester);
  if (!own) return undefined;
  const present = people.map(({ role }) => roleOf(role));
  return { requester: roleOf(own.role), sessionId, present };
}

/** A role that this version does not know is the least. */
function roleOf(text: string): Role {
  return roles.find((role) => role === text) ?? "user";
}
