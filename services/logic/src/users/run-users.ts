import { userInfo } from "node:os";
import { checkNewPassword, type Passwords } from "../passwords.ts";
import { printable } from "../printable.ts";
import { listPeople } from "../sql/people.ts";
import { type ChangeRefusal, type ChangeUserDeps, changeUser } from "./change-user.ts";
import { readUserCommand, type UserChange } from "./user-command.ts";

const usage = `npm run users -- list                    who there is, with role and state
npm run users -- role NAME ROLE          user, operator or admin
npm run users -- reset-password NAME     a new password, shown once; ends every sign-in
npm run users -- disable NAME            ends every sign-in, and lets nobody in
npm run users -- enable NAME

Of the stack under RESONANCE_HOME, or with RESONANCE_MYSQL_URL and RESONANCE_AUDIT_KEY.`;

export type UsersDeps = ChangeUserDeps & {
  readonly passwords: Passwords;
  readonly makePassword: () => string;
  readonly say: (line: string) => void;
};

/** The command `npm run users`. Every change is on record before it is made. Gives the exit code. */
export async function runUsers(
  given: UsersDeps,
  words: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  // The Go system takes any name.
  const deps = { ...given, say: (line: string) => given.say(printable(line)) };
  const command = readUserCommand(words);
  if (!command) {
    deps.say(usage);
    return 2;
  }
  if (command.command === "list") return await list(deps);
  const password = command.command === "reset-password" ? deps.makePassword() : undefined;
  if (password !== undefined) checkNewPassword(password);
  const options =
    password === undefined ? {} : { passwordHash: await deps.passwords.hash(password) };
  const by = { actor: `${userInfo().username}@terminal` };
  const refused = await changeUser(deps, command, by, options, signal);
  deps.say(refused ? refusalText(refused, command.name) : doneText(command, password));
  return refused ? 1 : 0;
}

function refusalText(refused: ChangeRefusal, name: string): string {
  switch (refused) {
    case "no_such_person":
      return `there is nobody called ${name}`;
    case "no_person":
      return `${name} is no person's account`;
    case "last_admin":
      return `${name} is the last administrator who can sign in: make somebody else one first`;
    case "not_admin":
      throw new TypeError("the terminal needs no role");
    default:
      return refused satisfies never;
  }
}

function doneText(change: UserChange, password: string | undefined): string {
  const { name } = change;
  switch (change.command) {
    case "role":
      return `${name} is ${change.role} now`;
    case "reset-password":
      return `the password of ${name} is ${password} now; every sign-in has ended`;
    case "disable":
      return `${name} is disabled`;
    case "enable":
      return `${name} may sign in again`;
    default:
      return change satisfies never;
  }
}

async function list({ db, say }: UsersDeps): Promise<number> {
  for (const { username, role, isBot, disabledAt } of await listPeople(db)) {
    const state = disabledAt ? `disabled since ${disabledAt.toISOString()}` : "";
    // One line each, whatever stands in a name.
    const name = username.replaceAll("\n", "�");
    say([name.padEnd(28), (isBot ? "bot" : role).padEnd(9), state].join(" ").trimEnd());
  }
  return 0;
}
