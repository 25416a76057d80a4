/** What rules can find. */
const findingCodes = [
  "database_down",
  "database_was_down",
  "service_down",
  "service_restarting",
  "crash_loop",
  "oom_killed",
  "image_pull",
  "config_missing",
  "unschedulable",
  "node_not_ready",
  "probe_failing",
  "rollout_stuck",
  "no_endpoints",
  "container_failed",
  "not_ready",
  "certificate_expired",
  "connections_near_limit",
  "queue_full",
  "queue_lag",
  "nats_down",
  "nats_was_down",
  "slow_queries",
  "database_slow",
  "outbox_backlog",
  "dead_letters",
  "bot_runs_waiting",
  "alert_firing",
  "disk_full",
  "recovered",
  "error_lines",
] as const;
export type FindingCode = (typeof findingCodes)[number];

/** Critical: people feel it now. Warning: they will, or some do. Note: worth knowing. */
export type Severity = "critical" | "warning" | "note";

/** Something that rules have found. Each says only what was seen. */
export type Finding = {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Of what: a service, `Deployment shop/gateway`, a node. */
  readonly target: string;
  /** Figures and names, by what they are. */
  readonly facts: Readonly<Record<string, string | number>>;
  /** What was seen, word for word: a line, a message of the cluster. Untrusted text. */
  readonly evidence: readonly string[];
  /** The code of the finding that explains this one, where one does. */
  readonly because?: FindingCode;
  /** Found as things are now, where the window that was asked about is over. */
  readonly isOfNow?: true;
};

/** What was looked at, or could not be. */
export type Look = {
  readonly what: "services" | "logs" | "kubernetes" | "nodes" | "status" | "metrics" | "alerts";
  /** Names of services, namespaces and the like. */
  readonly at: readonly string[];
  /** Why it could not be looked at, in plain words. */
  readonly failed?: string;
};

export type Examination = {
  readonly findings: readonly Finding[];
  readonly looks: readonly Look[];
  /** What was seen to answer now, where that was looked at. */
  readonly answering?: readonly Store[];
};

export type Store = "database" | "nats";

const ranks = { critical: 0, warning: 1, note: 2 } as const satisfies Record<Severity, number>;

/** 0 is the worst. */
export function rankOf({ severity }: Pick<Finding, "severity">): number {
  return ranks[severity];
}

/** Whether it says that the database or NATS is out of reach. */
export function isOfStore(code: FindingCode): boolean {
  return code === "database_down" || code === "nats_down";
}

/**
 * The worst first; among equals what explains others first, in the order of the codes. What was
 * found in a window that is over stands before what is found now.
 */
export function worstFirst(one: Finding, other: Finding): number {
  return (
    Number(one.isOfNow ?? false) - Number(other.isOfNow ?? false) ||
    rankOf(one) - rankOf(other) ||
    Number(one.because !== undefined) - Number(other.because !== undefined) ||
    findingCodes.indexOf(one.code) - findingCodes.indexOf(other.code)
  );
}
