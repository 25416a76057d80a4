import { ChatError } from "@resonance/kit";
import type { MigrationSession } from "./open-migration-session.ts";
import { renameUsersSql } from "./rename-users-sql.ts";

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
  const columns = await userColumns(session);
  if (columns.length === 0) return;
  const hasBots = columns.includes("is_bot");
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

/**
 * Looks, before anything is changed, for names that begin or end with a space. Names are compared
 * byte by byte once the tables are ours, but MySQL still ignores spaces at the end: "alice " would
 * be alice. So no service of ours takes such a name, and whoever has one could not do anything.
 *
 * @throws ChatError `already_exists` that says what to do.
 */
export async function checkPaddedNames(session: MigrationSession, version: number): Promise<void> {
  if (version >= seedVersion || (await userColumns(session)).length === 0) return;
  const rows = await session.query<{ username: string }>(
    "SELECT username FROM t_user WHERE username REGEXP ? ORDER BY username",
    ["^[\\s\\p{Z}\\x{FEFF}]|[\\s\\p{Z}\\x{FEFF}]$"],
  );
  const padded = rows.map(({ username }) => username).filter((name) => name !== name.trim());
  if (padded.length === 0) return;
  const renames = new Map<string, string>();
  for (const name of padded) {
    renames.set(name, await freeName(session, name, new Set(renames.values())));
  }
  throw new ChatError(
    "already_exists",
    `database ${session.database} has users whose names begin or end with a space: ${padded
      .map((name) => `'${name}'`)
      .join(
        ", ",
      )}. Nothing was changed. Give them names without and migrate again (tell them: they sign in with those from then on). That is:\n${renameUsersSql(renames)}`,
    { reason: "internal" },
  );
}

async function userColumns(session: MigrationSession): Promise<string[]> {
  const columns = await session.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 't_user'`,
  );
  return columns.map(({ name }) => name);
}

async function nameTaken(
  session: MigrationSession,
  holder: string,
  reserved: string,
): Promise<ChatError> {
  const newName = await freeName(session, holder, new Set([holder.trim()]));
  return new ChatError(
    "already_exists",
    `database ${session.database} has a user '${holder}', and Resonance needs the name ${reserved} for an account of its own. Nothing was changed. Give that user another name and migrate again (tell them: they sign in with it from then on). With '${newName}' that is:\n${renameUsersSql(new Map([[holder, newName]]))}`,
    { reason: "internal" },
  );
}

/** A name like the holder's that nobody else has, without spaces at its ends. */
async function freeName(
  session: MigrationSession,
  holder: string,
  taken: ReadonlySet<string>,
): Promise<string> {
  const name = holder.trim() || "user";
  for (let suffix = 1; ; suffix++) {
    const candidate = suffix === 1 ? name : `${name}-${suffix}`;
    if (taken.has(candidate)) continue;
    const others = await session.query(
      "SELECT 1 FROM t_user WHERE username = ? AND CAST(username AS BINARY) <> CAST(? AS BINARY)",
      [candidate, holder],
    );
    if (others.length === 0) return candidate;
  }
}
