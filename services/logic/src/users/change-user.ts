import type { AuditLog } from "@resonance/audit";
import { type Database, type Transaction, transaction } from "@resonance/db";
import { revokeUser } from "../sign-in/revoke-user.ts";
import {
  findPerson,
  listAdmins,
  type PersonRow,
  setDisabled,
  setPassword,
  setRole,
} from "../sql/people.ts";
import type { UserChange } from "./user-command.ts";

export type ChangeUserDeps = {
  readonly db: Database;
  readonly audit: Pick<AuditLog, "append">;
  readonly nowMs: () => number;
};

/** Who orders it, as the record says. */
export type Orderer = {
  readonly actor: string;
  readonly sessionId?: string;
  readonly msgId?: bigint;
};

export type ChangeRefusal = "no_such_person" | "no_person" | "last_admin" | "not_admin";

export type ChangeOptions = {
  /** Of `reset-password`: undefined means that no password is right any more. */
  readonly passwordHash?: string;
  /** In the transaction of the change. Who is administrator now cannot change under it. */
  readonly within?: (
    tx: Transaction,
    admins: readonly string[],
  ) => Promise<"not_admin" | undefined>;
};

/**
 * Changes one account, all or nothing. It is on record, with before and after, before it is done;
 * so is a refusal. There is always an administrator left who can sign in.
 */
export async function changeUser(
  deps: ChangeUserDeps,
  change: UserChange,
  by: Orderer,
  options: ChangeOptions,
  signal: AbortSignal,
): Promise<ChangeRefusal | undefined> {
  const person = await findPerson(deps.db, change.name);
  const refused = refusalOf(person, change, options, await listAdmins(deps.db, "look"));
  if (!person || refused) return await refuse(deps, change, by, refused ?? "no_such_person");
  await deps.audit.append({
    kind: "user",
    ...by,
    details: { ...change, before: stateOf(person), after: after(person, change) },
  });
  const late = await transaction(
    deps.db,
    async (tx) => {
      const admins = await listAdmins(tx, "lock");
      const changed = refusalOf(await findPerson(tx, change.name), change, options, admins);
      const late = changed ?? (await options.within?.(tx, admins));
      if (!late) await apply(tx, change, options, deps.nowMs);
      return late;
    },
    signal,
  );
  return late && (await refuse(deps, change, by, late));
}

async function refuse(
  { audit }: Pick<ChangeUserDeps, "audit">,
  change: UserChange,
  by: Orderer,
  refused: ChangeRefusal,
): Promise<ChangeRefusal> {
  await audit.append({ kind: "user", ...by, details: { ...change, refused } });
  return refused;
}

function refusalOf(
  person: PersonRow | undefined,
  change: UserChange,
  { passwordHash }: ChangeOptions,
  admins: readonly string[],
): ChangeRefusal | undefined {
  if (!person) return "no_such_person";
  if (person.isBot === 1 || change.name === "system") return "no_person";
  const shutsOut =
    change.command === "disable" ||
    (change.command === "role" && change.role !== "admin") ||
    (change.command === "reset-password" && passwordHash === undefined);
  const isLast = admins.length === 1 && admins[0] === change.name;
  return shutsOut && isLast ? "last_admin" : undefined;
}

function stateOf({ role, disabledAt }: PersonRow) {
  return { role, disabled: disabledAt !== null };
}

function after(person: PersonRow, change: UserChange) {
  const state = stateOf(person);
  if (change.command === "role") return { ...state, role: change.role };
  if (change.command === "reset-password") return state;
  return { ...state, disabled: change.command === "disable" };
}

async function apply(
  tx: Transaction,
  change: UserChange,
  { passwordHash }: ChangeOptions,
  nowMs: () => number,
): Promise<void> {
  const { name } = change;
  switch (change.command) {
    case "role":
      return await setRole(tx, name, change.role);
    case "enable":
      return await setDisabled(tx, name, false);
    case "disable":
      await setDisabled(tx, name, true);
      return await revokeUser(tx, name, nowMs);
    case "reset-password":
      await setPassword(tx, name, passwordHash ?? "!");
      return await revokeUser(tx, name, nowMs);
    default:
      return change satisfies never;
  }
}
