import type { Queryable } from "@resonance/db";
import { type AuditRow, hashOf, noHash } from "./audit-entry.ts";
import { findHead, listAfter } from "./audit-rows.ts";

/** A row that is not what was written, or is not where it was written. */
export type AuditFlaw = {
  readonly seq: bigint;
  readonly what: "changed" | "missing" | "moved";
  /** Of a moved row: where it was written. */
  readonly from?: bigint;
};

export type AuditReport = { readonly rows: number; readonly flaws: readonly AuditFlaw[] };

const pageRows = 1_000;

/** Reads the whole chain and names each row that was changed, taken out or moved. */
export async function verifyAudit(db: Queryable, key: string): Promise<AuditReport> {
  const flaws: AuditFlaw[] = [];
  // Where each hash was given out, by the rows that name it as the one before.
  const placeOf = new Map<string, bigint>([[noHash.toString("hex"), 1n]]);
  const suspects: AuditRow[] = [];
  let expected = 1n;
  let rows = 0;
  let end: AuditRow | undefined;
  for (;;) {
    const page = await listAfter(db, end?.seq ?? 0n, pageRows);
    for (const row of page) {
      for (; expected < row.seq; expected++) flaws.push({ seq: expected, what: "missing" });
      expected = row.seq + 1n;
      placeOf.set(row.hash.toString("hex"), row.seq + 1n);
      const isAfter = end === undefined || end.seq + 1n !== row.seq || follows(end, row);
      if (!isAfter || !hashOf(key, row).equals(row.hash)) suspects.push(row);
      end = row;
      rows++;
    }
    if (page.length < pageRows) break;
  }
  const head = await findHead(db);
  // Rows that were taken off the end leave no gap, but the head knows of them.
  for (; head && expected <= head.seq; expected++) flaws.push({ seq: expected, what: "missing" });
  flaws.push(...suspects.flatMap((row) => judge(row, key, placeOf)));
  return { rows, flaws: flaws.toSorted((one, other) => Number(one.seq - other.seq)) };
}

function follows(before: AuditRow, row: AuditRow): boolean {
  return row.previousHash.equals(before.hash);
}

function judge(row: AuditRow, key: string, placeOf: ReadonlyMap<string, bigint>): AuditFlaw[] {
  const from = placeOf.get(row.previousHash.toString("hex"));
  // In its own place it would be whole: somebody has put it elsewhere.
  if (
    from !== undefined &&
    from !== row.seq &&
    hashOf(key, { ...row, seq: from }).equals(row.hash)
  ) {
    return [{ seq: row.seq, what: "moved", from }];
  }
  // A whole row after a flawed one is the other one's fault.
  if (hashOf(key, row).equals(row.hash)) return [];
  return [{ seq: row.seq, what: "changed" }];
}
