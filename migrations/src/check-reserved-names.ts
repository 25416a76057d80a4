import { ChatError } from "@resonance/kit";
import type { MigrationSession } from "./open-migration-session.ts";
import { renameUserSql } from "./rename-user-sql.ts";

/** The migration that seeds the accounts below: later versions hold them by right. */
const seedVersion = 12;

type Account = { readonly username: string; readonly password: string; readonly isBot: number };

/**
 * Looks, before anything is changed, for people who hold a name that Resonance needs for an account
 * of its own. Names count as the same in any case, since the Go services do not tell them apart.
 *
 * @throws ChatError `already_exists` that says what to do.
 */
export async function checkReservedNames(
  session: MigrationSession,
  version: number,
): Promise<void> {
  if (version >= seedVersion) return;
  const columns = await session.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 't_user'`,
  );
  if (columns.length === 0) return;
  const hasBots = columns.some(({ name }) => name === "is_bot");
  const accounts = await session.query<Account>(
    `SELECT username, password, ${hasBots ? "is_bot" : "0"} AS isBot FROM t_user
     WHERE LOWER(TRIM(TRAILING ' ' FROM username)) IN ('ops-bot', 'system')`,
  );
  for (const { username, password, isBot } of accounts) {
    const canSignIn = password.startsWith("$2");
    // Ours is exactly `ops-bot`, marked as a bot; `system` may be any account nobody can open.
    const isSystem = username.trimEnd().toLowerCase() === "system";
    const isOurs = isSystem ? !canSignIn : username === "ops-bot" && isBot === 1 && !canSignIn;
    if (!isOurs) throw await nameTaken(session, username, isSystem ? "system" : "ops-bot");
  }
}

async function nameTaken(
  session: MigrationSession,
  holder: string,
  reserved: string,
): Promise<ChatError> {
  const newName = await freeName(session, holder.trimEnd());
  return new ChatError(
    "already_exists",
    `database ${session.database} has a user '${holder}', and Resonance needs the name ${reserved} for an account of its own. Nothing was changed. Give that user another name and migrate again (tell them: they sign in with it from then on). With '${newName}' that is:\n${renameUserSql(holder, newName)}`,
    { reason: "internal" },
  );
}

async function freeName(session: MigrationSession, name: string): Promise<string> {
  for (let suffix = 2; ; suffix++) {
    const candidate = `${name}-${suffix}`;
    const taken = await session.query("SELECT 1 FROM t_user WHERE username = ?", [candidate]);
    if (taken.length === 0) return candidate;
  }
}
