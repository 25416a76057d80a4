/** What can be done about an account. */
export type UserChange =
  | { readonly command: "role"; readonly name: string; readonly role: string }
  | { readonly command: "reset-password" | "disable" | "enable"; readonly name: string };

export type UserCommand = { readonly command: "list" } | UserChange;

const roles: readonly string[] = ["user", "operator", "admin"];

/** Reads `list`, `role NAME ROLE` and so on; undefined for anything else, or a word too many. */
export function readUserCommand(words: readonly string[]): UserCommand | undefined {
  const [command, name, role] = words;
  if (command === "list") return words.length === 1 ? { command } : undefined;
  if (name === undefined) return undefined;
  switch (command) {
    case "role": {
      const isRole = words.length === 3 && role !== undefined && roles.includes(role);
      return isRole ? { command, name, role } : undefined;
    }
    case "reset-password":
    case "disable":
    case "enable":
      return words.length === 2 ? { command, name } : undefined;
    default:
      return undefined;
  }
}
