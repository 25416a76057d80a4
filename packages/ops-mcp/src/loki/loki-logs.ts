import { z } from "zod";
import { getJson } from "../backends/http-backend.ts";
import type { LokiBackend } from "../backends/open-backends.ts";
import { guessLevel, readHead } from "../log-line.ts";
import type { LogQuery } from "../log-query.ts";
import { type IncompleteCause, type LogFindings, LogTally } from "../log-tally.ts";
import { ToolError } from "../tool.ts";

const answer = z.object({
  data: z.object({
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()).default({}),
        values: z.array(z.tuple([z.string().regex(/^\d{1,19}$/), z.string()])),
      }),
    ),
  }),
});

type Line = {
  readonly nanos: bigint;
  readonly text: string;
  readonly pod: string | undefined;
  /** Loki holds a line of one stream and instant once; two streams may write alike. */
  readonly identity: string;
};

const pageSize = 2_000;
const mostPages = 25;

/** The selector of a service's lines. */
export function lokiSelector(
  loki: LokiBackend,
  service: string,
  namespace: string | undefined,
): string {
  const labels = [`${loki.serviceLabel}=${JSON.stringify(service)}`];
  if (namespace !== undefined) labels.push(`namespace=${JSON.stringify(namespace)}`);
  return `{${labels.join(",")}}`;
}

/**
 * Reads the lines of a window from Loki, newest first, page by page; at most 50,000 lines, or as
 * many as the time allows.
 */
export async function readLokiLogs(
  loki: LokiBackend,
  selector: string,
  query: LogQuery,
  signal: AbortSignal,
): Promise<LogFindings & { readonly query: string }> {
  const logQl = `${selector}${lineFilter(query)}`;
  const tally = new LogTally(query, "newest_first");
  const deadline = performance.now() + query.budgetMs;
  let end = BigInt(query.untilMs) * 1_000_000n;
  let atEnd = new Set<string>();
  let incomplete: IncompleteCause | undefined;
  for (let page = 0; ; page++) {
    const lines = await readPage(loki, logQl, query.fromMs, end, signal);
    const fresh = lines.filter(({ identity }) => !atEnd.has(identity));
    for (const line of fresh) tally.add(tallyLine(line));
    const last = lines.at(-1);
    if (lines.length < pageSize || last === undefined) break;
    // A whole page of one instant hides what is before it.
    if (page + 1 >= mostPages || fresh.length === 0) incomplete = "source_limit";
    if (performance.now() > deadline) incomplete = "out_of_time";
    if (incomplete) break;
    // The end is excluded: lines of the same instant come again, and are known.
    end = last.nanos + 1n;
    atEnd = new Set(
      lines.filter(({ nanos }) => nanos === last.nanos).map(({ identity }) => identity),
    );
  }
  return {
    ...tally.findings({
      // With a filter in the query Loki sends matches only.
      linesInWindow: logQl === selector ? tally.linesInWindow : null,
      incompleteBecause: incomplete,
      // Nothing of before the window was asked for: where the log begins is not known.
      oldestReadMs: undefined,
      bytesTotal: tally.total,
    }),
    query: logQl,
  };
}

/**
 * What Loki can sort out for us without seeing a line otherwise than we do: it sees JSON as it was
 * written, where a letter or a slash may be an escape.
 */
function lineFilter({ include }: LogQuery): string {
  if (!include?.isWord) return "";
  const source = include.text.replace(/[.\\+*?()|[\]{}^$]/g, (operator, at: number) =>
    operator === "\\" && include.text[at + 1] === "d" ? operator : `\\${operator}`,
  );
  const escaped = source.replace(/[^\x20-\x7e]|\//g, (letter) =>
    letter === "/" ? "\\\\/" : `\\\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const either = escaped === source ? source : `(?:${source}|${escaped})`;
  return ` |~ ${JSON.stringify(`(?i)${either}`)}`;
}

async function readPage(
  loki: LokiBackend,
  logQl: string,
  fromMs: number,
  end: bigint,
  signal: AbortSignal,
): Promise<Line[]> {
  const parameters = [
    ["query", logQl],
    ["start", String(BigInt(fromMs) * 1_000_000n)],
    ["end", String(end)],
    ["limit", String(pageSize)],
    ["direction", "backward"],
  ] as const;
  const body = await getJson(loki, { path: "/loki/api/v1/query_range", parameters }, signal);
  const parsed = answer.safeParse(body);
  if (!parsed.success) {
    throw new ToolError("unavailable", "Loki answered something unexpected");
  }
  return parsed.data.data.result
    .flatMap(({ stream, values }) =>
      values.map(([nanos, text]) => ({
        nanos: BigInt(nanos),
        text,
        pod: stream.pod,
        identity: JSON.stringify([nanos, stream, text]),
      })),
    )
    .toSorted((one, other) => (one.nanos < other.nanos ? 1 : one.nanos > other.nanos ? -1 : 0));
}

function tallyLine({ nanos, text, pod }: Line) {
  const level = readHead(text).level ?? guessLevel(text) ?? "info";
  const atMs = Number(nanos / 1_000_000n);
  return { text, omittedBytes: 0, atMs, level, ...(pod === undefined ? {} : { pod }) };
}
