export type { AuditEntry } from "./audit-entry.ts";
export { AuditLog } from "./audit-log.ts";
export { listAfter, listNewest } from "./audit-rows.ts";
export { exportLine } from "./export-line.ts";
export { verifyAudit } from "./verify-audit.ts";
