import { ToolError } from "./tool.ts";

/** Where a page of log lines goes on: the same window, further back. */
export type LogCursor = {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Matches that were shown before. */
  readonly skip: number;
};

const deepest = 10_000;

/** The cursor after a page, or undefined where there is no further page. */
export function nextCursor(cursor: LogCursor, remaining: number): string | undefined {
  if (remaining <= 0 || cursor.skip > deepest) return undefined;
  return `${cursor.fromMs}-${cursor.untilMs}-${cursor.skip}`;
}

/** @throws ToolError `bad_input` for a cursor that did not come from here. */
export function parseLogCursor(text: string): LogCursor {
  const found = /^(\d{1,15})-(\d{1,15})-(\d{1,5})$/.exec(text);
  if (!found) throw new ToolError("bad_input", "this cursor did not come from get_logs");
  return { fromMs: Number(found[1]), untilMs: Number(found[2]), skip: Number(found[3]) };
}
