import { stat } from "node:fs/promises";
import { ToolError } from "../tool.ts";

const mostRotated = 20;

/**
 * A log file and what was rotated away from it (`x.log.1`, `x.log.2` …), newest first.
 *
 * @throws ToolError `unreadable` when the file itself is not there.
 */
export async function logFiles(path: string): Promise<string[]> {
  const files: string[] = [];
  for (let number = 0; number <= mostRotated; number++) {
    const candidate = number === 0 ? path : `${path}.${number}`;
    try {
      await stat(candidate);
      files.push(candidate);
    } catch (cause) {
      if (number > 0) break;
      throw new ToolError("unreadable", "the service's log file cannot be read", { cause });
    }
  }
  return files;
}
