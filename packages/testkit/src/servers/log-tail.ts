import { readFileSync } from "node:fs";

/** The last lines of a log, of those after the first `start` bytes. */
export function logTail(logFile: string, start: number): string {
  const lines = readFileSync(logFile).subarray(start).toString("utf8").trimEnd().split("\n");
  return lines.slice(-15).join("\n");
}
