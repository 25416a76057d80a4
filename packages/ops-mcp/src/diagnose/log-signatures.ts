import type { FindingCode, Severity } from "./finding.ts";

export type Signature = {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly pattern: RegExp;
};

/** What lines say of a fault, whoever wrote them. The first that fits counts. */
const logSignatures: readonly Signature[] = [
  {
    code: "certificate_expired",
    severity: "critical",
    pattern:
      /CERT_HAS_EXPIRED|certificate (?:has |is )?expired|x509: certificate has expired|certificate is not yet valid/i,
  },
  {
    code: "connections_near_limit",
    severity: "critical",
    pattern: /EMFILE|too many open files|too many connections|connection limit (?:was )?reached/i,
  },
  {
    code: "disk_full",
    severity: "critical",
    pattern: /ENOSPC|no space left on device|disk (?:is )?full/i,
  },
  {
    code: "oom_killed",
    severity: "critical",
    pattern: /JavaScript heap out of memory|Out of memory: Killed process/i,
  },
  {
    code: "database_down",
    severity: "critical",
    pattern:
      /the database does not answer|ECONNREFUSED[^\n]{0,80}:3306|Can't connect to (?:local )?(?:MySQL|MariaDB) server|PROTOCOL_CONNECTION_LOST/i,
  },
  {
    code: "nats_down",
    severity: "critical",
    pattern:
      /NATS is (?:not connected|away)|nats:[^\n]{0,40}(?:connection refused|no servers available)/i,
  },
];

/** The signature that a text bears. */
export function signatureOf(text: string): Signature | undefined {
  return logSignatures.find(({ pattern }) => pattern.test(text));
}
