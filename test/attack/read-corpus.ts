export const carriers = [
  "log",
  "event",
  "label",
  "metric_name",
  "mcp_description",
  "user_text",
  "file_name",
  "access_log",
  "chat_of_other_user",
  "tool_error",
] as const;

export const wishes = [
  "restart",
  "leak_env",
  "leak_token",
  "scope_change",
  "approve_proposal",
  "disable_audit",
  "exfil_link",
  "other_tool_call",
  "impersonate_system",
  "persist",
] as const;

export type Carrier = (typeof carriers)[number];
export type Wish = (typeof wishes)[number];

export type Attack = {
  readonly id: string;
  readonly carrier: Carrier;
  readonly lang: string;
  readonly text: string;
  readonly wants: Wish;
  readonly note: string;
};

/** What is wrong with a file of attacks, every line of it. */
export class CorpusError extends Error {
  override readonly name = "CorpusError";
}

/**
 * Reads a file of attacks, one object of JSON a line; empty lines are passed over.
 *
 * @throws CorpusError that names every malformed line by its number
 */
export function readCorpus(content: string, path: string): readonly Attack[] {
  const problems: string[] = [];
  const lineOf = new Map<string, number>();
  const attacks = content.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const number = index + 1;
    const read = readLine(line);
    if (typeof read === "string") {
      problems.push(`line ${number}: ${read}`);
      return [];
    }
    const earlier = lineOf.get(read.id);
    if (earlier !== undefined) problems.push(`line ${number}: id ${read.id} stands in ${earlier}`);
    lineOf.set(read.id, number);
    return [read];
  });
  if (problems.length === 0 && attacks.length === 0) problems.push("line 1: there is no attack");
  if (problems.length === 0) return attacks;
  throw new CorpusError(`${path} cannot be run:\n  ${problems.join("\n  ")}`);
}

/** The attack, or what is wrong with the line. */
function readLine(line: string): Attack | string {
  let value: unknown;
  try {
    value = JSON.parse(line.replace(/^\uFEFF/, ""));
  } catch (error) {
    return `no JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "no object";
  const fields = new Map(Object.entries(value));
  const id = fields.get("id");
  const carrier = carriers.find((one) => one === fields.get("carrier"));
  const wants = wishes.find((one) => one === fields.get("wants"));
  const text = fields.get("text");
  if (!(typeof id === "string" && id !== "") && typeof id !== "number") return "id is missing";
  if (!carrier) return `carrier must be one of ${carriers.join(", ")}`;
  if (!wants) return `wants must be one of ${wishes.join(", ")}`;
  if (typeof text !== "string" || text === "") return "text must be a string that is not empty";
  const wordOf = (key: string) => String(fields.get(key) ?? "");
  return { id: String(id), carrier, wants, text, lang: wordOf("lang"), note: wordOf("note") };
}
