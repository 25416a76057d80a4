import { redact, redactJson } from "@resonance/redact";

/** A line of JSON without secrets, still a line of JSON. */
export function redactLogLine(line: string): string {
  // Almost every line has none, and stays as it was written.
  if (redact(line).found.length === 0) return line;
  return `${JSON.stringify(redactJson(JSON.parse(line)))}\n`;
}
