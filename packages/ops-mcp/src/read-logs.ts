import type { LokiBackend } from "./backends/open-backends.ts";
import type { OpsDeps } from "./deps.ts";
import type { LogsFound, LogsInput } from "./get-logs.ts";
import type { KubeApi } from "./kube/kube-api.ts";
import type { Pod } from "./kube/objects.ts";
import { mayReachBack, readPodLogs } from "./kube/pod-logs.ts";
import { restartsOf } from "./kube/pod-status.ts";
import { type KubeTarget, resolveTarget, targetText } from "./kube/resolve-target.ts";
import { logFiles } from "./local/log-files.ts";
import { searchLog } from "./local/search-log.ts";
import {
  readStackFile,
  requireLocal,
  requireService,
  type StackService,
} from "./local/stack-file.ts";
import type { LogQuery } from "./log-query.ts";
import { type LogFindings, LogTally } from "./log-tally.ts";
import { lokiSelector, readLokiLogs } from "./loki/loki-logs.ts";
import { resolveService, serviceNames } from "./service-name.ts";
import { type NoDataCause, ToolError } from "./tool.ts";

/** Where lines came from, and what was found. */
export type LogsRead = Pick<
  LogsFound,
  "service" | "source" | "target" | "pods" | "podsOmitted" | "otherContainers" | "query"
> & {
  readonly found: LogFindings;
  /** Why there may be nothing, where that is known without what was read. */
  readonly causes?: readonly NoDataCause[];
  /** The window's end, where what was asked for moves it. */
  readonly until?: number;
};

const noPods = { pods: [], podsOmitted: 0, otherContainers: [], query: null } as const;

/**
 * Reads a service's lines where they are: the file of the local stack, else what Loki has
 * collected, else the pods themselves. A namespace, a container or a previous one mean pods.
 */
export async function readFrom(
  deps: OpsDeps,
  wanted: LogsInput,
  query: LogQuery,
  signal: AbortSignal,
): Promise<LogsRead> {
  const { kubernetes, loki } = deps.backends;
  if (deps.local && wanted.namespace === undefined && wanted.container === undefined) {
    const stack = await readStackFile(deps.local.stackFile, signal);
    const names = stack.services.map(({ name }) => name);
    const isHere = resolveService(wanted.service, names).found;
    if (isHere || !(kubernetes || loki)) {
      return await readFile(requireService(stack, wanted.service), wanted, query, signal);
    }
  }
  if (kubernetes) {
    const named = { name: wanted.service, namespace: wanted.namespace };
    const target = await resolveTarget(kubernetes, named, signal);
    if (loki && !wanted.previous && wanted.container === undefined && target.kind !== "Pod") {
      const selector = lokiSelector(loki, target.name, target.namespace);
      const named = { service: target.name, target: targetText(target) };
      return await readLoki(loki, selector, named, query, signal);
    }
    return await readPods(kubernetes, target, wanted, query, signal);
  }
  if (loki) {
    const resolved = resolveService(wanted.service, Object.keys(serviceNames));
    const name = resolved.found ? resolved.name : wanted.service;
    const selector = lokiSelector(loki, name, wanted.namespace);
    return await readLoki(loki, selector, { service: name, target: name }, query, signal);
  }
  requireLocal(deps);
  throw new ToolError(
    "not_configured",
    "namespaces and containers need Kubernetes or Loki: set RESONANCE_KUBERNETES or RESONANCE_LOKI_URL",
  );
}

async function readFile(
  service: StackService,
  wanted: LogsInput,
  query: LogQuery,
  signal: AbortSignal,
): Promise<LogsRead> {
  const where = { service: service.name, source: "file", target: service.name, ...noPods } as const;
  const nothing = (cause: NoDataCause): LogsRead => ({
    ...where,
    found: emptyFindings(query),
    causes: [cause],
  });
  if (!service.logFile) return nothing("service_has_no_log");
  const startedMs = Date.parse(service.startedAt ?? "");
  if (wanted.previous && (service.restarts === 0 || !Number.isFinite(startedMs))) {
    return nothing("never_restarted");
  }
  const lengthMs = query.untilMs - query.fromMs;
  const until = Math.min(query.untilMs, startedMs);
  const moved = wanted.previous
    ? { ...query, untilMs: until, fromMs: Math.min(query.fromMs, until - lengthMs) }
    : query;
  const files = await logFiles(service.logFile);
  const found = await searchLog(files, moved, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new ToolError("unreadable", "the service's log file cannot be read", { cause });
  });
  return { ...where, found, ...(wanted.previous ? { until } : {}) };
}

async function readPods(
  api: KubeApi,
  target: KubeTarget,
  wanted: LogsInput,
  query: LogQuery,
  signal: AbortSignal,
): Promise<LogsRead> {
  const where = {
    service: target.name,
    source: "pods",
    target: targetText(target),
    query: null,
  } as const;
  if (target.pods.length === 0) {
    return { ...where, ...noPods, found: emptyFindings(query), causes: ["no_pods"] };
  }
  const { pods, podsOmitted, otherContainers, ...found } = await readPodLogs(
    api,
    target.pods,
    wanted,
    query,
    signal,
  );
  const causes = silenceOf(target.pods, wanted, query);
  return { ...where, pods, podsOmitted, otherContainers, found, ...(causes ? { causes } : {}) };
}

/** Why pods may have said nothing; undefined where what was read tells. */
function silenceOf(
  pods: readonly Pod[],
  { previous }: LogsInput,
  { fromMs }: LogQuery,
): readonly NoDataCause[] | undefined {
  if (previous && pods.every((pod) => restartsOf(pod) === 0)) return ["never_restarted"];
  return mayReachBack(pods, fromMs) ? ["nothing_matches"] : undefined;
}

async function readLoki(
  loki: LokiBackend,
  selector: string,
  named: Pick<LogsRead, "service" | "target">,
  query: LogQuery,
  signal: AbortSignal,
): Promise<LogsRead> {
  const { query: logQl, ...found } = await readLokiLogs(loki, selector, query, signal);
  const causes = ["nothing_matches"] as const;
  return { ...noPods, ...named, source: "loki", query: logQl, found, causes };
}

function emptyFindings(query: LogQuery): LogFindings {
  const rest = { linesInWindow: 0, incompleteBecause: undefined, oldestReadMs: undefined };
  return new LogTally(query, "newest_first").findings({ ...rest, bytesTotal: 0 });
}
