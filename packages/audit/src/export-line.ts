import type { AuditRow } from "./audit-entry.ts";

/** A row as a line of JSON, with what is needed to verify it elsewhere. */
export function exportLine(row: AuditRow): string {
  return JSON.stringify({
    seq: `${row.seq}`,
    at: new Date(Number(row.atMs)).toISOString(),
    kind: row.kind,
    actor: row.actor,
    sessionId: row.sessionId,
    msgId: row.msgId === null ? null : `${row.msgId}`,
    details: JSON.parse(row.details),
    previousHash: row.previousHash.toString("hex"),
    hash: row.hash.toString("hex"),
  });
}
