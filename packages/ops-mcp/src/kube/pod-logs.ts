import { linesOfStream, type StreamLine } from "../lines-of-stream.ts";
import { guessLevel, readHead } from "../log-line.ts";
import type { LogQuery } from "../log-query.ts";
import { type IncompleteCause, type LogFindings, LogTally, type TallyLine } from "../log-tally.ts";
import { ToolError } from "../tool.ts";
import type { KubeApi } from "./kube-api.ts";
import type { Pod } from "./objects.ts";

export type PodLogs = LogFindings & {
  readonly pods: readonly string[];
  readonly podsOmitted: number;
  /** `pod/container`, of what has other containers that were not read. */
  readonly otherContainers: readonly string[];
};

type Wanted = {
  readonly container?: string | undefined;
  /** Of the container before the last restart. */
  readonly previous: boolean;
};

const mostPods = 10;

/**
 * Reads the logs of pods side by side, each from the window's start on, and puts what is wanted in
 * the order of time. Memory is bounded by the lines shown, not by the logs.
 */
export async function readPodLogs(
  api: KubeApi,
  pods: readonly Pod[],
  wanted: Wanted,
  query: LogQuery,
  signal: AbortSignal,
): Promise<PodLogs> {
  const deadline = performance.now() + query.budgetMs;
  // Those that are not well are read first.
  const chosen = pods
    .toSorted((one, other) => readiness(one) - readiness(other))
    .slice(0, mostPods);
  const tally = new LogTally(query, "oldest_first");
  const state: State = { oldestMs: undefined, bytes: 0, incomplete: undefined, unread: new Map() };
  const each = { ...query, limit: query.limit + query.skip, skip: 0 };
  const tallies = await Promise.all(
    chosen.map((pod) => readOne(api, pod, wanted, { query: each, deadline, state }, signal)),
  );
  for (const one of tallies) tally.merge(one);
  const [failure] = state.unread.values();
  if (failure && state.unread.size === chosen.length) throw failure;
  if (failure) state.incomplete = "pod_unreadable";
  if (chosen.length < pods.length) state.incomplete = "too_many_pods";
  const read = chosen.filter(({ metadata }) => !state.unread.has(metadata.name));
  return {
    ...tally.findings({
      linesInWindow: tally.linesInWindow,
      incompleteBecause: state.incomplete,
      oldestReadMs: mayReachBack(chosen, query.fromMs) ? undefined : state.oldestMs,
      bytesTotal: state.bytes,
    }),
    pods: read.map(({ metadata }) => metadata.name),
    podsOmitted: pods.length - read.length,
    otherContainers: read.flatMap((pod) => unreadContainers(pod, wanted.container)),
  };
}

/**
 * Whether logs may hold lines of before an instant, which are not read: those of pods that were
 * there by then.
 */
export function mayReachBack(pods: readonly Pod[], toMs: number): boolean {
  return pods.some(({ metadata }) => !(Date.parse(metadata.creationTimestamp ?? "") >= toMs));
}

type State = {
  oldestMs: number | undefined;
  bytes: number;
  incomplete: IncompleteCause | undefined;
  /** Why the log of a pod could not be read, or not to its end: it or its node goes away. */
  readonly unread: Map<string, ToolError>;
};

async function readOne(
  api: KubeApi,
  pod: Pod,
  wanted: Wanted,
  run: { readonly query: LogQuery; readonly deadline: number; readonly state: State },
  signal: AbortSignal,
): Promise<LogTally> {
  const { query, deadline, state } = run;
  const { name, namespace } = pod.metadata;
  const tally = new LogTally(query, "oldest_first");
  const parameters = {
    container: wanted.container ?? defaultContainer(pod),
    previous: wanted.previous || undefined,
    // What was written before the window's start is not sent.
    sinceTime: new Date(query.fromMs).toISOString(),
    timestamps: true,
  };
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  try {
    for await (const lines of linesOfStream(counted(api.stream(path, parameters, either), state))) {
      for (const line of lines) {
        const parsed = parseLine(line, name);
        if (parsed.atMs !== undefined) {
          state.oldestMs = Math.min(state.oldestMs ?? parsed.atMs, parsed.atMs);
          if (parsed.atMs >= query.untilMs) return tally;
          if (parsed.atMs < query.fromMs) continue;
        }
        tally.add(parsed);
      }
      if (performance.now() > deadline) {
        state.incomplete = "out_of_time";
        return tally;
      }
    }
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    if (!isNothingYet(error)) state.unread.set(name, error);
  } finally {
    stop.abort(new Error("enough was read"));
  }
  return tally;
}

async function* counted(
  chunks: AsyncIterable<Buffer>,
  state: State,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of chunks) {
    state.bytes += chunk.length;
    yield chunk;
  }
}

/** `2026-11-26T10:00:00.123456789Z text`, as the kubelet stamps it. */
function parseLine({ text, omittedBytes }: StreamLine, pod: string): TallyLine {
  const space = text.indexOf(" ");
  const stamp = space > 18 && space < 40 ? Date.parse(text.slice(0, space)) : Number.NaN;
  const isStamped = Number.isFinite(stamp);
  const own = isStamped ? text.slice(space + 1) : text;
  const level = readHead(own).level ?? guessLevel(own) ?? "info";
  return { text: own, omittedBytes, level, pod, atMs: isStamped ? stamp : undefined };
}

function defaultContainer(pod: Pod): string | undefined {
  const named = pod.metadata.annotations["kubectl.kubernetes.io/default-container"];
  return named ?? pod.spec.containers[0]?.name;
}

function unreadContainers(pod: Pod, wanted: string | undefined): string[] {
  const read = wanted ?? defaultContainer(pod);
  return pod.spec.containers
    .filter(({ name }) => name !== read)
    .map(({ name }) => `${pod.metadata.name}/${name}`);
}

/** A container that has not started, or was not restarted, has no log: that is no failure. */
function isNothingYet(error: ToolError): boolean {
  return /waiting to start|ContainerCreating|previous terminated container|PodInitializing/i.test(
    error.message,
  );
}

function readiness(pod: Pod): number {
  return pod.status.containerStatuses.every(({ ready }) => ready) ? 1 : 0;
}
