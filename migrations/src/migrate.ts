import { fileURLToPath } from "node:url";
import { ChatError } from "@resonance/kit";
import Postgrator from "postgrator";
import { checkPaddedNames, checkReservedNames } from "./check-names.ts";
import { type MigrationSession, openMigrationSession } from "./open-migration-session.ts";

export type MigrationResult = {
  /** Version of the database before; 0 when it had none. */
  readonly from: number;
  readonly to: number;
  /** Names of the files that ran, in order: "0001 base-tables". */
  readonly applied: string[];
};

/** A migration's SELECT of this column is a line for the operator. */
type Notice = { readonly notice: string };

/**
 * Brings the database of `mysql://user:password@host:port/database` to the newest version, and
 * makes the database if it is absent and the account may. Safe to run again, also after a run that
 * was killed, and from several places at once: one works, the others wait `lockTimeoutSeconds`
 * (60) for it and then find nothing to do.
 *
 * `notify` hears what an operator should know, a line at a time. When `signal` aborts, the server
 * may still finish the file it is running, before anyone else gets the lock.
 *
 * @throws ChatError `already_exists` when people have names that Resonance needs or cannot use
 * (nothing was changed; the message has the SQL that helps), `aborted` when the lock was not free in
 * time, `unavailable` when the server cannot be reached, `invalid_argument` for a URL without a
 * database, `internal` when a migration failed or the database is newer than this program.
 */
export async function migrate(options: {
  url: string;
  notify?: (line: string) => void;
  lockTimeoutSeconds?: number;
  signal: AbortSignal;
}): Promise<MigrationResult> {
  const { url, notify = () => undefined, lockTimeoutSeconds = 60, signal } = options;
  await using session = await openMigrationSession(url, lockTimeoutSeconds, signal);
  return await runMigrations(session, notify, signal);
}

async function runMigrations(
  session: MigrationSession,
  notify: (line: string) => void,
  signal: AbortSignal,
): Promise<MigrationResult> {
  const postgrator = new Postgrator({
    driver: "mysql",
    database: session.database,
    schemaTable: "t_schema_version",
    migrationPattern,
    newline: "LF",
    execQuery: async (sql) => ({ rows: await session.query(sql) }),
    execSqlScript: async (sql) => {
      for (const { notice } of (await session.script(sql)).filter(isNotice)) notify(notice);
    },
  });
  const newest = await postgrator.getMaxVersion();
  if (!Number.isFinite(newest)) {
    throw new ChatError("internal", `no migrations were found at ${migrationPattern}`);
  }
  const from = await postgrator.getDatabaseVersion();
  if (from > newest) {
    throw new ChatError(
      "internal",
      `database ${session.database} is at version ${from}, this program knows versions up to ${newest}: run the newer program`,
    );
  }
  await checkReservedNames(session, from);
  await checkPaddedNames(session, from);
  let current = "t_schema_version";
  postgrator.on("validation-started", (migration) => {
    current = title(migration);
  });
  postgrator.on("migration-started", (migration) => {
    current = title(migration);
    notify(`applying ${current}`);
  });
  try {
    const applied = await postgrator.migrate();
    return { from, to: newest, applied: applied.map(title) };
  } catch (cause) {
    signal.throwIfAborted();
    throw failure(current, cause);
  }
}

// A folder's name may hold what a pattern would read as its own.
const migrationPattern = `${fileURLToPath(new URL("../sql", import.meta.url)).replace(
  /[?*()[\]{}!+@\\]/g,
  "\\$&",
)}/*.sql`;

function title(migration: Postgrator.Migration): string {
  return `${String(migration.version).padStart(4, "0")} ${migration.name}`;
}

function isNotice(row: object): row is Notice {
  return "notice" in row && typeof row.notice === "string";
}

function failure(current: string, cause: unknown): ChatError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (message.startsWith("MD5 checksum failed")) {
    return new ChatError(
      "internal",
      `migration ${current} is not the one that was applied to this database: its file has changed since`,
      { cause },
    );
  }
  return new ChatError(
    "internal",
    `migration ${current} failed: ${message}; nothing is lost, and migrating again goes on from there`,
    { cause },
  );
}
