import { readFileSync } from "node:fs";
import type { z } from "zod";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The start stops here: `message` names every bad value, one a line. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Parses the environment. The schema's keys are the variables' names. For each key `X`, a variable
 * `X_FILE` names a file that holds the value instead. An empty value counts as absent.
 *
 * @throws ConfigError that names all bad values at once, never their contents.
 */
export function readConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  environment: Environment,
): z.infer<z.ZodObject<Shape>> {
  const problems: string[] = [];
  const values: Record<string, string> = {};
  for (const key of Object.keys(schema.shape)) {
    const value = environment[key] || readValueFile(key, environment[`${key}_FILE`], problems);
    if (value) values[key] = value;
  }
  const parsed = schema.safeParse(values);
  if (parsed.success && problems.length === 0) return parsed.data;
  for (const issue of parsed.error?.issues ?? []) {
    const key = issue.path.join(".");
    const isMissing = values[key] === undefined && issue.code !== "custom";
    problems.push(isMissing ? `${key} is missing` : `${key}: ${issue.message}`);
  }
  throw new ConfigError(
    `the configuration has ${problems.length} problem(s):\n  ${problems.join("\n  ")}`,
  );
}

function readValueFile(key: string, path: string | undefined, problems: string[]): string {
  if (!path) return "";
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    problems.push(
      `${key}_FILE: cannot read ${path}: ${error instanceof Error ? error.message : error}`,
    );
    return "";
  }
}
