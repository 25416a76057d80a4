import type { Queryable } from "@resonance/db";
import { z } from "zod";
import { durably } from "../durably.ts";
import { findArtifact } from "../sql/artifacts.ts";
import type { ToolOutcome, ToolSource } from "./tool-source.ts";

const mostLines = 200;
const longestLine = 2_000;

const input = z.object({
  id: z.string().regex(/^a-[0-9a-f]{16}$/, "must be an id that a result named"),
  grep: z.string().min(1).max(200).optional().describe("only lines that contain this text"),
  from: z.number().int().min(1).default(1).describe("the first line, from 1"),
  lines: z.number().int().min(1).max(mostLines).default(mostLines),
});

const definition = {
  name: "read_artifact",
  description:
    "Reads a result that was cut: by line number, or only lines that contain a text. At most 200 lines.",
  inputSchema: z.toJSONSchema(input, { io: "input" }),
  access: "read",
} as const;

/** `read_artifact`: what was too long for one result. Only for the asker, in the same session. */
export function openArtifactSource(db: Queryable): ToolSource {
  return {
    name: "artifacts",
    definitions: () => [definition],
    async call(call, context, signal) {
      const parsed = input.safeParse(call.input);
      if (!parsed.success) return failure(z.prettifyError(parsed.error));
      const wanted = { id: parsed.data.id, ...context };
      const found = await durably(() => findArtifact(db, wanted), signal);
      // A foreign one and none look alike.
      if (!found) return failure(`there is no artifact ${parsed.data.id}, or not any more`);
      return outcomeOf(found, parsed.data);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function outcomeOf(
  found: { tool: string; text: string },
  { id, grep, from, lines }: z.output<typeof input>,
): ToolOutcome {
  const all = found.text.split("\n").map((text, index) => ({ number: index + 1, text }));
  const wanted = grep?.toLowerCase();
  const matching = all.filter(
    ({ text }) => wanted === undefined || text.toLowerCase().includes(wanted),
  );
  const rest = matching.filter(({ number }) => number >= from);
  const shown = rest.slice(0, lines);
  const what = grep === undefined ? "" : `, ${matching.length} contain ${JSON.stringify(grep)}`;
  const head = `artifact ${id} of ${found.tool}: ${all.length} lines${what}; ${shown.length} shown`;
  const next = rest[shown.length];
  const more = next ? `; ${rest.length - shown.length} more from line ${next.number} on` : "";
  if (shown.length === 0) return { outcome: "no_data", text: `${head}.` };
  const body = shown.map(({ number, text }) => `${number}: ${text.slice(0, longestLine)}`);
  return { outcome: "ok", text: [`${head}${more}.`, ...body].join("\n") };
}

function failure(text: string): ToolOutcome {
  return { outcome: "error", text: `ERROR (bad_input): ${text}` };
}
