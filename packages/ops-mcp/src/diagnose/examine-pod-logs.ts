import type { KubeApi } from "../kube/kube-api.ts";
import type { Pod } from "../kube/objects.ts";
import { readPodLogs } from "../kube/pod-logs.ts";
import { isHealthy } from "../kube/pod-status.ts";
import { everyLine } from "../log-query.ts";
import { ToolError } from "../tool.ts";
import type { Window } from "../window.ts";
import { lineFindings } from "./examine-local.ts";
import type { Examination, Finding, FindingCode } from "./finding.ts";

const mostApps = 8;
const podsOfApp = 2;
const mostCrashes = 4;
const budgetMs = 5_000;
const crashes: readonly FindingCode[] = ["crash_loop", "oom_killed", "container_failed"];

/** What the logs of pods say of faults, two pods of each app, the unhealthy first. */
export async function examinePodLogs(
  api: KubeApi,
  namespace: string,
  pods: readonly Pod[],
  window: Window,
  signal: AbortSignal,
): Promise<Examination> {
  const apps = Map.groupBy(pods, (pod) => pod.metadata.labels.app ?? pod.metadata.name);
  const worstFirst = [...apps.entries()].toSorted(
    ([, one], [, other]) => Number(one.every(isHealthy)) - Number(other.every(isHealthy)),
  );
  const chosen = worstFirst.slice(0, mostApps);
  const query = {
    ...everyLine(window, budgetMs),
    lowest: "error" as const,
    mode: "patterns" as const,
    limit: 10,
  };
  const examined = await Promise.all(
    chosen.map(async ([app, own]): Promise<Examination> => {
      const look = { what: "logs" as const, at: [app] };
      try {
        const few = own
          .toSorted((one, other) => Number(isHealthy(one)) - Number(isHealthy(other)))
          .slice(0, podsOfApp);
        const found = await readPodLogs(api, few, { previous: false }, query, signal);
        const failed = `the logs of ${found.podsOmitted} of its pods cannot be read`;
        const looks = found.podsOmitted > 0 ? [look, { ...look, failed }] : [look];
        return { findings: lineFindings(`${namespace}/${app}`, found, window), looks };
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        return { findings: [], looks: [{ ...look, failed: error.message }] };
      }
    }),
  );
  return {
    findings: examined.flatMap(({ findings }) => findings),
    looks: examined.flatMap(({ looks }) => looks),
  };
}

/** Findings of containers that ended, with the last lines they wrote before. */
export async function withLastWords(
  api: KubeApi,
  findings: readonly Finding[],
  pods: readonly Pod[],
  window: Window,
  signal: AbortSignal,
): Promise<Finding[]> {
  const crashed = findings.filter(({ code }) => crashes.includes(code)).slice(0, mostCrashes);
  return await Promise.all(
    findings.map(async (finding) => {
      const pod = pods.find(({ metadata }) => metadata.name === finding.facts.pod);
      if (!pod || !crashed.includes(finding)) return finding;
      try {
        // However long ago it ended: the cluster keeps the log of the last container only.
        const query = { ...everyLine(window, budgetMs), fromMs: 0, limit: 2 };
        const found = await readPodLogs(api, [pod], { previous: true }, query, signal);
        const words = found.shown.map(({ text }) => text);
        return { ...finding, evidence: [...words, ...finding.evidence] };
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        return finding;
      }
    }),
  );
}
