import { z } from "zod";
import { getJson, type HttpBackend } from "./backends/http-backend.ts";
import type { OpsDeps } from "./deps.ts";
import { cursorInput, type Page, pageOf } from "./page-of.ts";
import { promAlerts } from "./prometheus/prometheus-api.ts";
import { alertsText } from "./text/alerts-text.ts";
import { type Tool, ToolError, type ToolResult } from "./tool.ts";
import { truncateRedacted } from "./truncate-redacted.ts";

const input = z.object({
  service: z.string().min(1).max(253).optional().describe("only alerts whose labels name it"),
  limit: z.number().int().min(1).max(50).default(20),
  cursor: cursorInput,
});

export type Alert = {
  readonly name: string;
  readonly severity: string;
  /** Whether it has lasted long enough for its rule. */
  readonly state: "firing" | "pending";
  /** RFC 3339. */
  readonly since: string;
  readonly summary: string;
  readonly labels: Readonly<Record<string, string>>;
};

export type AlertsListed = Page<Alert> & {
  readonly at: string;
  readonly source: "Alertmanager" | "Prometheus";
  readonly service: string | null;
  readonly total: number;
  readonly firing: number;
};

const alertmanagerAnswer = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()).default({}),
    startsAt: z.string().default(""),
  }),
);

/** What fires. */
export const getAlerts: Tool<"get_alerts", typeof input, AlertsListed> = {
  name: "get_alerts",
  description:
    "Firing alerts of Alertmanager, or firing and pending ones of Prometheus: name, severity, since, summary, labels.",
  input,
  access: "read",
  run: findAlerts,
  toText: alertsText,
};

async function findAlerts(
  deps: OpsDeps,
  wanted: z.output<typeof input>,
  signal: AbortSignal,
): Promise<ToolResult<AlertsListed>> {
  const { source, alerts } = await readAlerts(deps, signal);
  const service = wanted.service?.toLowerCase();
  const found = alerts
    .filter(({ labels }) => service === undefined || isAbout(labels, service))
    .toSorted(worstFirst);
  const page = pageOf(found, wanted.cursor, wanted.limit);
  const data = {
    at: new Date().toISOString(),
    source,
    service: wanted.service ?? null,
    total: found.length,
    firing: found.filter(({ state }) => state === "firing").length,
    ...page,
    shown: page.shown.map((alert) => ({ ...alert, summary: shortSummary(alert) })),
  };
  if (found.length > 0) return { outcome: "ok", data };
  return { outcome: "no_data", causes: ["nothing_fires"], data };
}

/** As it is shown. */
export function shortSummary({ summary }: Pick<Alert, "summary">): string {
  return truncateRedacted(summary, 500);
}

/** Of Alertmanager where it is configured: it knows what is silenced. Summaries are whole. */
export async function readAlerts(
  deps: Pick<OpsDeps, "backends">,
  signal: AbortSignal,
): Promise<{ readonly source: AlertsListed["source"]; readonly alerts: readonly Alert[] }> {
  const { alertmanager, prometheus } = deps.backends;
  if (alertmanager) {
    return { source: "Alertmanager", alerts: await alertmanagerAlerts(alertmanager, signal) };
  }
  if (prometheus) {
    const alerts = (await promAlerts(prometheus, signal)).map(
      ({ labels, annotations, state, activeAt }) =>
        alertOf(labels, annotations, activeAt, state === "firing" ? "firing" : "pending"),
    );
    return { source: "Prometheus", alerts };
  }
  throw new ToolError(
    "not_configured",
    "no source of alerts is configured: set RESONANCE_ALERTMANAGER_URL or RESONANCE_PROMETHEUS_URL",
  );
}

async function alertmanagerAlerts(
  alertmanager: HttpBackend,
  signal: AbortSignal,
): Promise<readonly Alert[]> {
  const parameters = [
    ["active", "true"],
    ["silenced", "false"],
    ["inhibited", "false"],
  ] as const;
  const body = await getJson(alertmanager, { path: "/api/v2/alerts", parameters }, signal);
  const parsed = alertmanagerAnswer.safeParse(body);
  if (!parsed.success) {
    throw new ToolError("unavailable", "Alertmanager answered something unexpected");
  }
  return parsed.data.map(({ labels, annotations, startsAt }) =>
    alertOf(labels, annotations, startsAt, "firing"),
  );
}

function alertOf(
  { alertname = "", severity = "", ...labels }: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
  since: string,
  state: Alert["state"],
): Alert {
  const summary = annotations.summary ?? annotations.description ?? annotations.message ?? "";
  return { name: alertname, severity, state, since, summary, labels };
}

function isAbout(labels: Readonly<Record<string, string>>, service: string): boolean {
  return Object.values(labels).some((value) =>
    value
      .toLowerCase()
      .split(/[-_/.]/)
      .includes(service),
  );
}

const severities = ["critical", "error", "warning", "info", "none"];

function worstFirst(one: Alert, other: Alert): number {
  if (one.state !== other.state) return one.state === "firing" ? -1 : 1;
  const rank = ({ severity }: Alert) => {
    const index = severities.indexOf(severity);
    return index === -1 ? severities.length : index;
  };
  return rank(one) - rank(other) || (one.since < other.since ? -1 : 1);
}
