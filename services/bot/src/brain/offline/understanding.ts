import type { ServiceName } from "@resonance/ops-mcp";
import type { Language } from "../../language.ts";

/** What a person may want. The tools that are not here yet are understood all the same. */
export type Intent =
  | "get_logs"
  | "get_metrics"
  | "list_services"
  | "list_pods"
  | "list_events"
  | "diagnose"
  | "get_alerts"
  | "im_status"
  | "describe"
  | "restart_service"
  | "help"
  | "unknown";

/** What can be named as measured, whether or not it is here. */
export type Metric =
  | "send_rate"
  | "send_latency"
  | "error_rate"
  | "connections"
  | "queue_lag"
  | "outbox_backlog"
  | "cpu"
  | "memory"
  | "restarts";

/** What the words determine. A key that is absent was not said, and is not guessed. */
export type Arguments = {
  readonly service?: ServiceName;
  /** At most one of the next three is set. */
  readonly sinceMinutes?: number;
  /** 24-hour `HH:MM`, the latest such time. */
  readonly sinceClock?: string;
  /** "yesterday", "today", or in the words of the tools: "thursday", "last week friday 18:00". */
  readonly day?: string;
  /** The lowest severity wanted. */
  readonly level?: "error" | "warn" | "info" | "debug";
  /** As typed, alternatives joined with `|`. */
  readonly include?: string;
  readonly exclude?: string;
  readonly limit?: number;
  /** Lines from before the last crash. */
  readonly previous?: true;
  readonly metric?: Metric;
  readonly percentile?: "p50" | "p95" | "p99";
  /** The number of messages is wanted. */
  readonly messagesCount?: true;
  readonly compareTo?: "previous";
};

/** What a text asks for. */
export type Understanding = {
  readonly intent: Intent;
  readonly args: Arguments;
  readonly language: Language;
  /**
   * Every service that was named in it and in what it goes on from, each once, the last one last.
   * An order to restart "it" is about nothing where these are several.
   */
  readonly named: readonly ServiceName[];
  /** Where the window ends that the arguments begin, in the words of the tools; absent for now. */
  readonly until?: string;
};

const window = ["sinceMinutes", "sinceClock", "day"] as const;

/** Which arguments mean something to an intent. Others are dropped. */
const argumentsOf = {
  get_logs: ["service", ...window, "level", "include", "exclude", "limit", "previous", "compareTo"],
  get_metrics: ["service", ...window, "metric", "percentile", "messagesCount", "compareTo"],
  list_services: [],
  list_pods: ["service"],
  list_events: ["service", ...window],
  diagnose: ["service", ...window],
  get_alerts: ["service", ...window],
  im_status: [],
  describe: ["service"],
  restart_service: ["service"],
  help: [],
  unknown: [],
} as const satisfies Record<Intent, readonly (keyof Arguments)[]>;

/** The arguments without those that mean nothing to the intent. */
export function argumentsFor(intent: Intent, args: Arguments): Arguments {
  const allowed: readonly string[] = argumentsOf[intent];
  return Object.fromEntries(Object.entries(args).filter(([key]) => allowed.includes(key)));
}
