import type { Logger } from "@resonance/kit";
import { truncateRedacted } from "@resonance/ops-mcp";
import type { ToolCall, ToolOutcome } from "../tools/tool-source.ts";
import { fitResult } from "./fit-result.ts";
import type { ToolStepResult } from "./steps.ts";

/** Takes secrets out. Throws rather than let something pass that it could not look at. */
export type Redaction = {
  text(text: string): string;
  json<Value>(value: Value): Value;
};

export type KeepDeps = {
  readonly redaction: Redaction;
  /** Stores a text that was cut, and gives the id under which `read_artifact` finds it. */
  readonly storeArtifact: (tool: string, text: string, signal: AbortSignal) => Promise<string>;
  readonly log: Logger;
};

// Beyond this nobody reads it, and searching it for secrets would take the worker's time.
const maxCharacters = 4 * 1024 ** 2;
const maxDataCharacters = 2 * 1024 ** 2;

/**
 * What of an outcome is kept and shown to a brain: without secrets, at most 8,000 tokens, the whole
 * of a longer one as an artifact. An outcome that cannot be searched for secrets is withheld.
 */
export async function keepResult(
  deps: KeepDeps,
  call: ToolCall,
  outcome: ToolOutcome,
  signal: AbortSignal,
): Promise<Omit<ToolStepResult, "durationMs">> {
  let text: string;
  let data: unknown;
  try {
    text = readable(deps.redaction, outcome.text);
    data = keptData(deps, outcome.data);
  } catch (error) {
    deps.log.error({ err: error, tool: call.name }, "a result cannot be redacted; it is withheld");
    return { outcome: "error", text: "WITHHELD: the result could not be searched for secrets." };
  }
  const common = { outcome: outcome.outcome, ...(data === undefined ? {} : { data }) };
  const fitted = fitResult(text, "Narrow the call down.");
  // What was read out of an artifact is not stored as another one.
  if (!fitted.isCut || call.name === "read_artifact") return { ...common, text: fitted.text };
  const artifactId = await deps.storeArtifact(call.name, text, signal);
  const rest = `The whole is artifact ${artifactId}: read_artifact searches it (grep, from).`;
  return { ...common, text: fitResult(text, rest).text, artifactId };
}

function keptData(deps: KeepDeps, data: unknown): unknown {
  if (data === undefined) return undefined;
  // As JSON even where nothing is stored: so it reads the same before and after a crash.
  const json = JSON.stringify(data);
  if (json === undefined || json.length > maxDataCharacters) return undefined;
  return deps.redaction.json(JSON.parse(json));
}

/** Without secrets, and without what no database stores. */
function readable(redaction: Redaction, text: string): string {
  const whole = text.toWellFormed().replaceAll("\0", "�");
  return truncateRedacted(whole, maxCharacters, {
    redact: (part) => redaction.text(part),
    mark: () => `\n[cut: the tool gave ${whole.length} characters; the rest was dropped]`,
  });
}
