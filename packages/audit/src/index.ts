export type { AuditEntry, AuditKind, AuditRow } from "./audit-entry.ts";
export { type Alongside, AuditLog } from "./audit-log.ts";
export { findLast, listAfter, listNewest } from "./audit-rows.ts";
export { exportLine } from "./export-line.ts";
export { type AuditFlaw, type AuditReport, verifyAudit } from "./verify-audit.ts";
