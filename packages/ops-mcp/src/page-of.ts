import { z } from "zod";
import { ToolError } from "./tool.ts";

/** One page of a list, and what is not on it. */
export type Page<Item> = {
  readonly shown: readonly Item[];
  /** Items that are on no page up to this one. */
  readonly omitted: number;
  /** Gives the next page; null on the last. */
  readonly cursor: string | null;
};

export const cursorInput = z
  .string()
  .max(200)
  .optional()
  .describe("from the answer before, with the same other arguments: goes on there");

/** @throws ToolError `bad_input` for a cursor that did not come from here. */
export function pageOf<Item>(
  items: readonly Item[],
  cursor: string | undefined,
  size: number,
): Page<Item> {
  const start = cursor === undefined ? 0 : parseCursor(cursor);
  const shown = items.slice(start, start + size);
  const omitted = Math.max(0, items.length - start - shown.length);
  return { shown, omitted, cursor: omitted > 0 ? `at-${start + shown.length}` : null };
}

/**
 * The page with its first rows alone; its cursor then goes on with those that were taken off.
 *
 * @param cursor the one that gave the page.
 */
export function shorterPage<Item>(
  { shown, omitted }: Page<Item>,
  cursor: string | undefined,
  size: number,
): Page<Item> {
  const start = cursor === undefined ? 0 : parseCursor(cursor);
  return {
    shown: shown.slice(0, size),
    omitted: omitted + shown.length - size,
    cursor: `at-${start + size}`,
  };
}

function parseCursor(cursor: string): number {
  const found = /^at-(\d{1,9})$/.exec(cursor);
  if (found) return Number(found[1]);
  throw new ToolError("bad_input", "this cursor did not come from this tool");
}
