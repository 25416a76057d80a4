import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openTestStack, type TestStack } from "../../testing/open-test-stack.ts";
import { check, type Violation } from "./check.ts";
import type { HistoryLine } from "./history.ts";
import { type Failpoints, openFailpoints } from "./open-failpoints.ts";
import { type Load, openLoad, type Running, type Sending } from "./open-load.ts";
import { type MortalServers, openMortalServers } from "./open-mortal-servers.ts";
import { readTables } from "./tables.ts";

/** A whole Resonance under load whose parts can be broken. */
export type Bench = AsyncDisposable &
  MortalServers & {
    readonly stack: TestStack;
    /** Lets a service die between two effects. */
    readonly strike: Failpoints["strike"];
    readonly load: Load;
    /**
     * Sends while `inject` breaks something and mends it, waits until the load is stored and
     * everything is quiet, and compares. Prints a line with the figures.
     *
     * @throws Error with the violations that are left after `settleWithinMs`, 30 s unless told.
     */
    fault(
      name: string,
      inject: (load: Running) => Promise<unknown>,
      options?: { readonly settleWithinMs?: number },
    ): Promise<Outcome>;
  };

export type Outcome = {
  readonly sent: number;
  /** Sends that failed for the caller, before they were repeated. */
  readonly failedSends: number;
  /** How often a device was told to load a session again, having missed too much. */
  readonly reloads: number;
  /** Why they failed, in words of the contract, each once. */
  readonly failureReasons: readonly string[];
  readonly longestAckMs: number;
  /** Of what was sent before and during the fault. */
  readonly ackP50Ms: { readonly before: number; readonly during: number };
  readonly ackP99Ms: { readonly before: number; readonly during: number };
  readonly faultMs: number;
  /** From the end of the load until every invariant held. */
  readonly settledMs: number;
};

/**
 * @param environment further settings of the services
 * @param way of the services to MySQL and NATS. By the proxies, which run in the process of the test,
 * the network can be broken; directly nothing but the servers is measured.
 */
export async function openBench(
  environment: NodeJS.ProcessEnv = {},
  way: "proxied" | "direct" = "proxied",
): Promise<Bench> {
  await using opening = new AsyncDisposableStack();
  const servers = opening.use(await openMortalServers());
  const failpoints = opening.use(await openFailpoints());
  const stack = opening.use(
    await openTestStack({
      RESONANCE_MYSQL_URL: way === "direct" ? servers.mysql.directUrl() : servers.mysql.url,
      RESONANCE_NATS_URL: way === "direct" ? servers.nats.directUrl() : servers.nats.url,
      RESONANCE_FAILPOINTS: failpoints.folder,
      ...environment,
    }),
  );
  const never = new AbortController().signal;
  const load = opening.use(await openLoad({ baseUrl: stack.url, perSecond: 40 }, never));
  const open = opening.move();
  return {
    mysql: servers.mysql,
    nats: servers.nats,
    stack,
    strike: failpoints.strike,
    load,
    async fault(name, inject, { settleWithinMs = 30_000 } = {}) {
      const linesBefore = load.history.lines.length;
      const sending = await load.during(async (running) => void (await inject(running)));
      const settledMs = await settled(load, servers, settleWithinMs);
      const lines = load.history.lines.slice(linesBefore);
      const count = (wanted: HistoryLine["kind"]) =>
        lines.filter(({ kind }) => kind === wanted).length;
      const reloads = count("reload");
      const failureReasons = reasonsIn(lines);
      const outcome = { ...outcomeOf(sending, settledMs), reloads, failureReasons };
      process.stderr.write(
        `${figures(name, outcome)}, ${count("reconnect")} reconnects, ${reloads} reloads\n`,
      );
      return outcome;
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Looks again and again until nothing is wrong; says how long it took. */
async function settled(load: Load, servers: MortalServers, withinMs: number): Promise<number> {
  const startedAt = performance.now();
  let violations: Violation[] = [];
  let failure: unknown;
  while (performance.now() - startedAt < withinMs) {
    try {
      await load.inspect();
      const tables = await readTables({
        mysqlUrl: servers.mysql.directUrl(),
        natsUrl: servers.nats.directUrl(),
      });
      violations = check(load.history.lines, tables);
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    const tookMs = performance.now() - startedAt;
    if (failure === undefined && violations.length === 0) return Math.round(tookMs);
    await delay(100);
  }
  const file = join(tmpdir(), `resonance-history-${process.pid}.jsonl`);
  await load.history.write(file);
  if (failure !== undefined) {
    throw new Error(`cannot look at the servers; the history is in ${file}`, { cause: failure });
  }
  const some = violations.slice(0, 20).map(({ invariant, what }) => `${invariant} ${what}`);
  throw new Error(
    `${violations.length} violations, the history is in ${file}:\n${some.join("\n")}`,
  );
}

function reasonsIn(lines: readonly HistoryLine[]): string[] {
  return [...new Set(lines.flatMap((line) => (line.kind === "error" ? [line.reason] : [])))];
}

function outcomeOf(
  { sent, fromMs, toMs }: Sending,
  settledMs: number,
): Omit<Outcome, "failureReasons" | "reloads"> {
  const before = sent.filter(({ atMs }) => atMs < fromMs);
  const during = sent.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  return {
    sent: sent.length,
    failedSends: sent.reduce((sum, { failures }) => sum + failures, 0),
    ackP50Ms: { before: percentile(before, 0.5), during: percentile(during, 0.5) },
    ackP99Ms: { before: percentile(before, 0.99), during: percentile(during, 0.99) },
    longestAckMs: percentile(sent, 1),
    faultMs: Math.round(toMs - fromMs),
    settledMs,
  };
}

function figures(name: string, outcome: Outcome): string {
  const {
    sent,
    failedSends,
    failureReasons,
    ackP50Ms,
    ackP99Ms,
    longestAckMs,
    faultMs,
    settledMs,
  } = outcome;
  return [
    `${name}: ${sent} sent and stored, 0 lost, 0 doubled, in order`,
    `${failedSends} failed sends${failureReasons.map((reason) => ` (${reason})`).join("")}`,
    `fault ${(faultMs / 1_000).toFixed(1)} s`,
    `ack p50/p99 before ${ackP50Ms.before}/${ackP99Ms.before} ms`,
    `during ${ackP50Ms.during}/${ackP99Ms.during} ms`,
    `longest ${longestAckMs} ms`,
    `settled in ${settledMs} ms`,
  ].join(", ");
}

function percentile(sent: Sending["sent"], share: number): number {
  const times = sent.map(({ tookMs }) => tookMs).sort((one, other) => one - other);
  const index = Math.min(times.length - 1, Math.floor(times.length * share));
  return Math.round(times[index] ?? 0);
}
