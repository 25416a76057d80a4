import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Environment } from "./config.ts";

const projectFolder = resolve(import.meta.dirname, "../../..");

/**
 * The environment, with what is not set in it taken from the secrets of the stack under
 * RESONANCE_HOME (`.resonance`), where there is one.
 *
 * @param secrets the file's name in the home's `secrets` folder, for each variable
 */
export function ofHome(
  environment: Environment,
  secrets: Readonly<Record<string, string>>,
): Environment {
  const home = homeOf(environment);
  const found: Record<string, string> = {};
  for (const [variable, file] of Object.entries(secrets)) {
    const path = join(home, "secrets", file);
    if (environment[variable] || environment[`${variable}_FILE`] || !existsSync(path)) continue;
    found[`${variable}_FILE`] = path;
  }
  return { ...environment, ...found };
}

/** The folder of the stack's data; a relative one lies in the repository's. */
export function homeOf(environment: Environment): string {
  return resolve(projectFolder, environment.RESONANCE_HOME || ".resonance");
}
