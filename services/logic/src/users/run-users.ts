import { userInfo } from "node:os";
import type { AuditLog } from "@resonance/audit";
import { type Database, transaction } from "@resonance/db";
import { checkNewPassword, type Passwords } from "../passwords.ts";
import { revokeUser } from "../sign-in/revoke-user.ts";
import { findUser } from "../sql/users.ts";

const usage = `npm run users -- list                    who there is, with role and state
npm run users -- role NAME ROLE          user, operator or admin
npm run users -- reset-password NAME     a new password, shown once; ends every sign-in
npm run users -- disable NAME            ends every sign-in, and lets nobody in
npm run users -- enable NAME

Of the stack under RESONANCE_HOME, or with RESONANCE_MYSQL_URL and RESONANCE_AUDIT_KEY.`;

const roles: readonly string[] = ["user", "operator", "admin"];

export type UsersDeps = {
  readonly db: Database;
  readonly audit: Pick<AuditLog, "append">;
  readonly passwords: Passwords;
  readonly makePassword: () => string;
  readonly say: (line: string) => void;
};

/** The command `npm run users`. Every change is on record before it is made. Gives the exit code. */
export async function runUsers(
  deps: UsersDeps,
  words: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const [command, name, role] = words;
  if (command === "list" && words.length === 1) return await list(deps);
  const isRole = command === "role" && words.length === 3 && roles.includes(role ?? "");
  const isOther = ["reset-password", "disable", "enable"].includes(command ?? "");
  if (name === undefined || !(isRole || (isOther && words.length === 2))) {
    deps.say(usage);
    return 2;
  }
  const user = await findUser(deps.db, name);
  if (!user || user.isBot === 1 || name === "system") {
    deps.say(user ? `${name} is no person's account` : `there is nobody called ${name}`);
    return 1;
  }
  await deps.audit.append({
    kind: "user",
    actor: `${userInfo().username}@terminal`,
    details: { command, name, ...(isRole ? { role } : {}) },
  });
  switch (command) {
    case "role":
      await deps.db.execute("UPDATE t_user SET role = ? WHERE username = ?", [role ?? "", name]);
      deps.say(`${name} is ${role} now`);
      return 0;
    case "reset-password":
      return await resetPassword(deps, name, signal);
    default:
      await setDisabled(deps, name, command === "disable", signal);
      deps.say(command === "disable" ? `${name} is disabled` : `${name} may sign in again`);
      return 0;
  }
}

async function list({ db, say }: UsersDeps): Promise<number> {
  const rows = await db.query<{
    username: string;
    role: string;
    isBot: number;
    disabledAt: Date | null;
  }>(
    `SELECT username, role, is_bot AS isBot, disabled_at AS disabledAt FROM t_user
      ORDER BY username`,
  );
  for (const { username, role, isBot, disabledAt } of rows) {
    const state = disabledAt ? `disabled since ${disabledAt.toISOString()}` : "";
    say([username.padEnd(28), (isBot ? "bot" : role).padEnd(9), state].join(" ").trimEnd());
  }
  return 0;
}

async function resetPassword(deps: UsersDeps, name: string, signal: AbortSignal): Promise<number> {
  const password = deps.makePassword();
  checkNewPassword(password);
  const hash = await deps.passwords.hash(password);
  await transaction(
    deps.db,
    async (tx) => {
      await tx.execute("UPDATE t_user SET password = ? WHERE username = ?", [hash, name]);
      await revokeUser(tx, name, Date.now());
    },
    signal,
  );
  deps.say(`the password of ${name} is ${password} now; every sign-in has ended`);
  return 0;
}

async function setDisabled(
  deps: UsersDeps,
  name: string,
  disabled: boolean,
  signal: AbortSignal,
): Promise<void> {
  await transaction(
    deps.db,
    async (tx) => {
      await tx.execute(
        `UPDATE t_user SET disabled_at = ${disabled ? "NOW()" : "NULL"} WHERE username = ?`,
        [name],
      );
      if (disabled) await revokeUser(tx, name, Date.now());
    },
    signal,
  );
}
