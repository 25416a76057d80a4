import { existsSync } from "node:fs";
import { installPackages, installRefusal, type Wanted } from "./apt/install-packages.ts";
import { type Environment, findProgram } from "./find-program.ts";

export type FindOptions = {
  readonly environment: Environment;
  readonly notify: (line: string) => void;
  readonly signal: AbortSignal;
};

/**
 * The path of a program: what the variable names, one of the names on PATH, one of the other paths,
 * else, as root on Debian, the package, which is installed.
 *
 * @throws Error with `missing`, which says what to type, when there is none.
 */
export async function findOrInstall(
  program: {
    readonly variable: string;
    readonly names: readonly string[];
    readonly otherPaths: readonly string[];
    readonly wanted: Wanted;
    readonly missing: string;
  },
  { environment, notify, signal }: FindOptions,
): Promise<string> {
  const { variable, names, otherPaths, wanted, missing } = program;
  const given = environment[variable];
  if (given) {
    if (!existsSync(given)) throw new Error(`${variable}: there is no ${given}`);
    return given;
  }
  const found = findProgram(names, environment) ?? otherPaths.find((path) => existsSync(path));
  if (found !== undefined) return found;
  const refusal = installRefusal(environment);
  if (refusal !== undefined) throw new Error(`${missing} (${refusal})`);
  try {
    await installPackages([wanted], notify);
  } catch (error) {
    throw new Error(missing, { cause: error });
  }
  signal.throwIfAborted();
  const installed = findProgram(names, environment);
  if (installed === undefined) throw new Error(missing);
  return installed;
}
