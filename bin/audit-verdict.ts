/** What `npm audit --json` has said. */
export type AuditVerdict =
  | { readonly kind: "clean" }
  /** At or above the severity that was asked for, one line each. */
  | { readonly kind: "holes"; readonly lines: readonly string[] }
  /** The registry, or the way to it, gives no answer: nothing is known. */
  | { readonly kind: "unanswered"; readonly why: string };

export const severities = ["info", "low", "moderate", "high", "critical"] as const;

export type Severity = (typeof severities)[number];

/**
 * @param output of `npm audit --json`, whatever its exit code
 * @throws Error for what is neither a report nor a registry without an answer: that must be looked at
 */
export function verdictOf(output: string, least: Severity): AuditVerdict {
  const report = parse(output);
  if (isRecord(report) && isRecord(report.vulnerabilities)) {
    const lines = Object.entries(report.vulnerabilities)
      .filter(([, hole]) => severityOf(hole) >= severities.indexOf(least))
      .map(([name, hole]) => lineOf(name, hole));
    return lines.length === 0 ? { kind: "clean" } : { kind: "holes", lines };
  }
  if (!isRecord(report)) throw new Error("npm audit wrote no JSON object");
  // An address stands in npm's own message; its code says enough.
  const { statusCode, error, code } = report;
  if (typeof statusCode === "number") return { kind: "unanswered", why: `status ${statusCode}` };
  const errorCode = isRecord(error) ? error.code : code;
  if (typeof errorCode === "string" && isAbsence(errorCode)) {
    return { kind: "unanswered", why: errorCode };
  }
  throw new Error(`npm audit gave no report: ${String(errorCode ?? "no code")}`);
}

/** Of npm and of the network: nobody there, or nobody who knows of audits. */
function isAbsence(code: string): boolean {
  return /^(ENOAUDIT|ENOTFOUND|EAI_AGAIN|ECONN\w+|E?TIMEDOUT|EHOSTUNREACH|ENETUNREACH|FETCH_ERROR|ERR_SOCKET_TIMEOUT|EAUDITUNAVAILABLE|ENOTCACHED|E4\d\d|E5\d\d)$/.test(
    code,
  );
}

function severityOf(hole: unknown): number {
  const severity = isRecord(hole) ? String(hole.severity) : "";
  const ranks: readonly string[] = severities;
  const rank = ranks.indexOf(severity);
  // A severity of a later npm is taken for the worst.
  return rank < 0 ? severities.length : rank;
}

function lineOf(name: string, hole: unknown): string {
  if (!isRecord(hole)) return name;
  const via = Array.isArray(hole.via) ? hole.via : [];
  const titles = via.map((one) => (isRecord(one) ? String(one.title) : `through ${one}`));
  return `${String(hole.severity)}: ${name} ${String(hole.range)}: ${titles.join("; ")}`;
}

function parse(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch (error) {
    throw new Error("npm audit wrote no JSON", { cause: error });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
