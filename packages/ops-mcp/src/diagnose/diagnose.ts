import { z } from "zod";
import type { OpsDeps } from "../deps.ts";
import { readAlerts, shortSummary } from "../get-alerts.ts";
import { increase } from "../local/history.ts";
import { diagnosisText } from "../text/diagnosis-text.ts";
import { type Tool, ToolError, type ToolResult } from "../tool.ts";
import { resolveWindow, type Window, windowInput } from "../window.ts";
import { examineCluster } from "./examine-cluster.ts";
import { examineLocal } from "./examine-local.ts";
import { examineStatus } from "./examine-status.ts";
import { explain, unite } from "./explain.ts";
import { type Examination, type Finding, type Look, type Store, worstFirst } from "./finding.ts";
import { withoutWhatIsOver } from "./what-is-over.ts";

const input = z.object({
  service: z.string().min(1).max(253).optional().describe("only this service, workload or pod"),
  namespace: z.string().min(1).max(63).optional().describe("Kubernetes only"),
  ...windowInput,
});

export type Diagnosis = {
  readonly at: string;
  readonly service: string | null;
  /** Of log lines and slow statements; all else is looked at as it is now. */
  readonly window: Window;
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** What was looked at. */
  readonly looks: readonly Look[];
};

/** What rules find wrong. Works with no model at all. */
export const diagnose: Tool<"diagnose", typeof input, Diagnosis> = {
  name: "diagnose",
  description:
    "What rules find wrong: crash loops, OOM kills, image pulls, probes, scheduling, missing endpoints, stuck rollouts, nodes, database, queue, dead letters, certificates, limits, error lines. Says what was looked at and what explains what.",
  input,
  access: "read",
  run: examine,
  toText: diagnosisText,
};

async function examine(
  deps: OpsDeps,
  wanted: z.output<typeof input>,
  signal: AbortSignal,
): Promise<ToolResult<Diagnosis>> {
  const { kubernetes, alertmanager, prometheus } = deps.backends;
  if (!deps.local && !kubernetes) {
    throw new ToolError(
      "not_configured",
      "nothing to look at is configured: set RESONANCE_STACK_FILE or RESONANCE_KUBERNETES",
    );
  }
  const window = resolveWindow(wanted, deps.nowMs(), deps.timeZone);
  const isEverything = wanted.service === undefined;
  const { local } = deps;
  const examinations: readonly Part[] = await Promise.all([
    local && wanted.namespace === undefined
      ? orUnknown(isEverything || kubernetes !== undefined, "services", () =>
          examineLocal(local, wanted.service, window, signal),
        )
      : nothing,
    kubernetes
      ? orUnknown(isEverything || local !== undefined, "kubernetes", () =>
          examineCluster(kubernetes, named(wanted), window, signal),
        )
      : nothing,
    examineStatus(deps, signal),
    alertmanager || prometheus
      ? orUnknown(true, "alerts", () => examineAlerts(deps, signal))
      : nothing,
    local ? slowStatements(deps, window) : nothing,
  ]);
  // A name that neither place knows is unknown; that one of them does not know it is no finding.
  const unaware = examinations.filter(({ unknownName }) => unknownName !== undefined);
  const tried = Number(local !== undefined) + Number(kubernetes !== undefined);
  if (!isEverything && unaware.length === tried && unaware[0]?.unknownName) {
    throw unaware[0].unknownName;
  }
  const answering = examinations.flatMap((examination) => examination.answering ?? []);
  const found = examinations.flatMap((examination) => examination.findings);
  const findings = window.endsNow ? conclude(found, answering) : concludeOfPast(found, answering);
  return {
    outcome: "ok",
    data: {
      at: new Date().toISOString(),
      service: wanted.service ?? null,
      window,
      findings: findings.toSorted(worstFirst),
      looks: examinations.flatMap(({ looks }) => looks),
    },
  };
}

function conclude(found: readonly Finding[], answering: readonly Store[]): Finding[] {
  return explain(unite(withoutWhatIsOver(found, answering)));
}

/** What was then and what is now explain nothing of each other. */
function concludeOfPast(found: readonly Finding[], answering: readonly Store[]): Finding[] {
  const ofWindow = ({ facts }: Finding) =>
    facts.lines !== undefined || facts.inWindow !== undefined;
  const ofNow = conclude(
    found.filter((finding) => !ofWindow(finding)),
    answering,
  );
  return [
    // Whatever a line of then calls out of reach was so then.
    ...conclude(found.filter(ofWindow), ["database", "nats"]),
    ...ofNow.map((finding) => ({ ...finding, isOfNow: true as const })),
  ];
}

type Part = Examination & { readonly unknownName?: ToolError };

const nothing: Part = { findings: [], looks: [] };

function named(wanted: z.output<typeof input>) {
  return { service: wanted.service, namespace: wanted.namespace };
}

/** What cannot be looked at does not hide the rest: it is said. */
async function orUnknown(
  isOneOfSeveral: boolean,
  what: Look["what"],
  look: () => Promise<Examination>,
): Promise<Part> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof ToolError) || !isOneOfSeveral) throw error;
    if (error.code === "unknown_service") return { ...nothing, unknownName: error };
    if (error.code === "unknown_namespace") throw error;
    return { findings: [], looks: [{ what, at: [], failed: error.message }] };
  }
}

async function examineAlerts(deps: OpsDeps, signal: AbortSignal): Promise<Examination> {
  const { source, alerts } = await readAlerts(deps, signal);
  const firing = alerts.filter(({ state }) => state === "firing");
  return {
    findings: firing.map(({ name, severity, since, labels, ...alert }) => ({
      code: "alert_firing",
      severity: severity === "critical" ? "critical" : "warning",
      target: labels.service ?? labels.pod ?? labels.instance ?? name,
      facts: { name, since },
      evidence: alert.summary === "" ? [] : [shortSummary(alert)],
    })),
    looks: [{ what: "alerts", at: [source] }],
  };
}

/** What the database's own count of slow statements did within the window. */
async function slowStatements({ local }: OpsDeps, window: Window): Promise<Examination> {
  const samples = local?.sampler.samplesOf("logic") ?? [];
  const series = "resonance_logic_database_slow_queries";
  // The count belongs to the database, which a restart of Logic does not begin anew.
  const scraped = samples
    .filter((sample) => sample.series.has(series))
    .map((sample) => ({ ...sample, pid: undefined, processStartMs: undefined }));
  const slow = increase(scraped, series, window) ?? 0;
  if (slow < 1) return { findings: [], looks: [] };
  const facts = { inWindow: slow };
  return {
    findings: [{ code: "slow_queries", severity: "warning", target: "mysql", facts, evidence: [] }],
    looks: [],
  };
}
