import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@resonance/kit";
import type { Sample } from "./history.ts";
import { readProcess } from "./process-usage.ts";
import { type MetricSample, parsePrometheusText } from "./prometheus-text.ts";
import { readStackFile, type StackService } from "./stack-file.ts";

/** A short memory of what the stack's processes said of themselves. */
export type Sampler = AsyncDisposable & {
  /** Oldest first; empty for a service that was never seen. */
  samplesOf(service: string): readonly Sample[];
  /** Looks now, so that the last sample is of this moment. */
  sampleNow(signal: AbortSignal): Promise<void>;
};

export type SamplerOptions = {
  readonly stackFile: string;
  readonly log: Logger;
  /** 5 s unless told. */
  readonly intervalMs?: number;
};

/** How far the memory reaches. */
const keepMs = 6 * 3_600_000;
const scrapeTimeoutMs = 2_000;
const scrapeMaxBytes = 4 * 1024 * 1024;
const maxSeries = 400;
const ofTheProcess: ReadonlySet<string> = new Set(["process_open_fds", "process_max_fds"]);

/** Begins to sample. Disposing ends it and waits for the scrape under way. */
export function startSampler(options: SamplerOptions): Sampler {
  const intervalMs = options.intervalMs ?? 5_000;
  const history = new Map<string, Sample[]>();
  // One string per series, however often it is scraped.
  const names = new Map<string, string>();
  const stop = new AbortController();

  async function sampleAll(signal: AbortSignal): Promise<void> {
    const stack = await readStackFile(options.stackFile, signal);
    await Promise.all(
      stack.services.map(async (service) => {
        const sample = await takeSample(service, names, signal);
        if (sample) remember(history, service.name, sample);
      }),
    );
  }

  async function run(): Promise<void> {
    let failing = false;
    while (!stop.signal.aborted) {
      try {
        await sampleAll(stop.signal);
        failing = false;
      } catch (error) {
        if (stop.signal.aborted) return;
        // Said once: the next thousand attempts fail for the same reason.
        if (!failing) options.log.warn({ err: error }, "cannot sample the stack");
        failing = true;
      }
      await delay(intervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    samplesOf: (service) => history.get(service) ?? [],
    sampleNow: (signal) => sampleAll(AbortSignal.any([signal, stop.signal])),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

async function takeSample(
  service: StackService,
  names: Map<string, string>,
  signal: AbortSignal,
): Promise<Sample | undefined> {
  const usage = service.pid ? await readProcess(service.pid) : undefined;
  if (!usage) return undefined;
  const scraped = service.metricsUrl ? await scrape(service.metricsUrl, signal) : undefined;
  const metrics = scraped ?? [];
  const own = (name: string) => metrics.find((sample) => sample.name === name)?.value;
  const startSeconds = own("process_start_time_seconds");
  return {
    atMs: Date.now(),
    pid: service.pid ?? undefined,
    processStartMs: startSeconds === undefined ? undefined : startSeconds * 1_000,
    cpuSeconds: usage.cpuSeconds ?? own("process_cpu_seconds_total"),
    memoryBytes: usage.memoryBytes ?? own("process_resident_memory_bytes"),
    scraped: scraped !== undefined,
    series: new Map(
      metrics
        .filter(({ name }) => name.startsWith("resonance_") || ofTheProcess.has(name))
        .slice(0, maxSeries)
        .map((sample) => [shared(names, seriesName(sample)), sample.value]),
    ),
  };
}

/** The samples of a service, or undefined while it does not answer. */
async function scrape(url: string, signal: AbortSignal): Promise<MetricSample[] | undefined> {
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(scrapeTimeoutMs)]);
    const response = await fetch(url, { signal: limited, redirect: "error" });
    const text = await response.text();
    return response.ok && text.length <= scrapeMaxBytes ? parsePrometheusText(text) : undefined;
  } catch (error) {
    signal.throwIfAborted();
    // A service that is starting or stopping does not answer; its process is sampled all the same.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** `name{label="value"}` without the label that names the service, labels in alphabetical order. */
export function seriesName(sample: Pick<MetricSample, "name" | "labels">): string {
  const labels = Object.entries(sample.labels)
    .filter(([key]) => key !== "service")
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return labels.length === 0 ? sample.name : `${sample.name}{${labels.join(",")}}`;
}

function shared(names: Map<string, string>, name: string): string {
  const known = names.get(name);
  if (known === undefined) names.set(name, name);
  return known ?? name;
}

function remember(history: Map<string, Sample[]>, service: string, sample: Sample): void {
  const samples = history.get(service) ?? [];
  history.set(service, samples);
  // Two scrapes at once may end in the other order.
  if (sample.atMs <= (samples.at(-1)?.atMs ?? 0)) return;
  samples.push(sample);
  const kept = samples.findIndex(({ atMs }) => atMs >= sample.atMs - keepMs);
  // Moving the rest to the front costs; once every hundred samples it does not.
  if (kept >= 100) samples.splice(0, kept);
}
