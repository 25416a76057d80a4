import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Variables as the process got them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where package managers put servers that an ordinary user's PATH leaves out. */
const wellKnownFolders: readonly string[] = [
  "/usr/local/bin",
  "/usr/local/sbin",
  "/usr/bin",
  "/usr/sbin",
  "/usr/libexec",
  "/opt/homebrew/bin",
];

/** The path of the first name that is an executable file on PATH, then in `folders`. */
export function findProgram(
  names: readonly string[],
  environment: Environment,
  folders: readonly string[] = wellKnownFolders,
): string | undefined {
  const path = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const name of names) {
    for (const folder of [...path, ...folders]) {
      const candidate = join(folder, name);
      if (isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
