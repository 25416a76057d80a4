import { setTimeout as delay } from "node:timers/promises";
import { nextBackoffMs } from "./backoff.ts";
import { readableLine, supervisorEntry, writeIfPossible } from "./log-file.ts";
import {
  type ProcessEnd,
  type ServiceCommand,
  type ServiceProcess,
  startServiceProcess,
} from "./service-process.ts";
import type { StackEvent } from "./stack-event.ts";
import { StartError } from "./start-error.ts";

/**
 * ```
 *            start()              ready
 *  stopped ───────────▶ starting ───────▶ running
 *     ▲  ▲                 │                 │ ends by itself
 *     │  └── ends: failed ─┘                 ▼
 *     │                               ┌─ restarting ◀─┐
 *     └── stop(), from every state ───┤     │ ready   │ ends, or is not ready in time:
 *                                     │     ▼         │ waits 0.2 s … 5 s and starts again
 *                                     └─ running ─────┘
 * ```
 * Only the first start fails; from then on a service is started again until it is stopped.
 */
export type ServiceState = "stopped" | "starting" | "running" | "restarting";

export type SupervisorHooks = {
  /** Called on every change of state. */
  readonly changed: () => void;
  readonly notify: (event: StackEvent) => void;
};

const readyWithinMs = 30_000;
const stopGraceMs = 10_000;
const noSignal: AbortSignal = new AbortController().signal;

/** A service that is kept running. Dispose stops it; it may be started and stopped many times. */
export class SupervisedService implements AsyncDisposable {
  readonly name: string;
  readonly logFile: string;
  readonly metricsUrl: string;
  readonly address: string | undefined;
  readonly #command: ServiceCommand;
  readonly #hooks: SupervisorHooks;
  #state: ServiceState = "stopped";
  #process: ServiceProcess | undefined;
  #restarts = 0;
  #lastExit: string | undefined;
  #stopping = new AbortController();
  #isRestartWanted = false;
  #supervision: Promise<void> = Promise.resolve();

  constructor(command: ServiceCommand, hooks: SupervisorHooks) {
    this.name = command.name;
    this.logFile = command.logFile;
    this.metricsUrl = command.metricsUrl;
    this.address = command.address;
    this.#command = command;
    this.#hooks = hooks;
  }

  get state(): ServiceState {
    return this.#state;
  }

  /** Undefined while there is no process: stopped, or waiting to be started again. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get startedAt(): Date | undefined {
    return this.#process?.startedAt;
  }

  /** How often it was started again after it had ended by itself. */
  get restarts(): number {
    return this.#restarts;
  }

  /** How it ended last time, as in "exit code 1"; undefined if it never ended by itself. */
  get lastExit(): string | undefined {
    return this.#lastExit;
  }

  /**
   * Starts the service and waits until it serves; does nothing if it is running already.
   *
   * @throws StartError `service_failed` if it ends first or is not ready within 30 s, or the
   * signal's reason; it is stopped then.
   */
  async start(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#state !== "stopped") return;
    // One that was wanted when it was stopped is done by this.
    this.#isRestartWanted = false;
    this.#stopping = new AbortController();
    const stopping = this.#stopping.signal;
    const started = this.#startProcess("starting");
    const failure = await untilReady(started, AbortSignal.any([signal, stopping]));
    if (failure === undefined && !signal.aborted && !stopping.aborted) {
      this.#enter("running");
      this.#supervision = this.#keepRunning(started, stopping).catch((error) => this.#lose(error));
      return;
    }
    const end = failure ?? (await started.stop(stopGraceMs, noSignal));
    this.#process = undefined;
    this.#enter("stopped");
    signal.throwIfAborted();
    stopping.throwIfAborted();
    throw this.#startFailure(end);
  }

  /**
   * Asks the service to end, and makes it end after 10 s or once the signal is aborted. Gives how it
   * ended, as in "exit code 0"; undefined if there was no process.
   */
  async stop(signal: AbortSignal): Promise<string | undefined> {
    this.#stopping.abort(new Error(`${this.name} is being stopped`));
    const end = await this.#process?.stop(stopGraceMs, signal);
    await this.#supervision;
    this.#process = undefined;
    if (this.#state !== "stopped") this.#enter("stopped");
    return end?.exit;
  }

  /** Stops it in order and starts it again; not counted among `restarts`. */
  async restart(signal: AbortSignal): Promise<void> {
    await this.stop(signal);
    await this.start(signal);
  }

  /**
   * Stops it in order; it is started again as after a crash, as often as it takes, but is not said
   * to have crashed. Does nothing unless it is running.
   */
  async recycle(): Promise<void> {
    if (this.#state !== "running" || this.#isRestartWanted) return;
    this.#isRestartWanted = true;
    await this.#process?.stop(stopGraceMs, noSignal);
  }

  /** Ends the process without warning, as a crash does; it is started again as after a crash. */
  kill(): void {
    this.#process?.kill("SIGKILL");
  }

  /** Ends the process without warning, for good. Does not wait. */
  abandon(): void {
    this.#stopping.abort(new Error(`${this.name} is abandoned`));
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
    this.#enter("stopped");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(noSignal);
  }

  /** Each round begins with a process that serves, and ends with its successor. */
  async #keepRunning(first: ServiceProcess, stopping: AbortSignal): Promise<void> {
    let current = first;
    let backoffMs: number | undefined;
    for (;;) {
      let end = await current.ended;
      for (;;) {
        if (stopping.aborted) return;
        if (this.#isRestartWanted) {
          this.#isRestartWanted = false;
        } else {
          backoffMs = nextBackoffMs(backoffMs, end.lifeMs);
          this.#sayCrash(end, backoffMs);
          await delay(backoffMs, undefined, { signal: stopping }).catch(() => undefined);
          if (stopping.aborted) return;
          this.#restarts++;
        }
        current = this.#startProcess("restarting");
        const failure = await untilReady(current, stopping);
        if (failure === undefined) break;
        end = failure;
      }
      if (stopping.aborted) continue;
      this.#enter("running");
      const { name, restarts } = this;
      this.#hooks.notify({ kind: "service_back", service: name, pid: current.pid, restarts });
    }
  }

  #startProcess(state: "starting" | "restarting"): ServiceProcess {
    this.#process = startServiceProcess(this.#command);
    this.#enter(state);
    return this.#process;
  }

  #sayCrash(end: ProcessEnd, retryInMs: number): void {
    const { name, logFile } = this;
    this.#process = undefined;
    this.#lastExit = end.exit;
    this.#enter("restarting");
    const what = `${name} ended (${end.exit}), starting it again in ${retryInMs} ms`;
    writeIfPossible(logFile, supervisorEntry(name, what, new Date()));
    const { exit, lastError } = end;
    this.#hooks.notify({
      kind: "service_crashed",
      service: name,
      exit,
      lastError,
      logFile,
      retryInMs,
    });
  }

  /** The supervision itself failed, as when the log can no longer be opened. */
  #lose(error: unknown): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
    this.#enter("stopped");
    const reason = error instanceof Error ? error.message : String(error);
    this.#hooks.notify({ kind: "service_lost", service: this.name, reason });
  }

  #startFailure(end: ProcessEnd): StartError {
    this.#lastExit = end.exit;
    return new StartError({
      kind: "service_failed",
      service: this.name,
      exit: end.exit,
      lastError: end.lastError,
      logFile: this.logFile,
      lastLines: end.lastLines.map(readableLine).filter(isTelling).slice(-12),
    });
  }

  #enter(state: ServiceState): void {
    this.#state = state;
    this.#hooks.changed();
  }
}

// The frames of a stack would push out the lines that say what happened.
function isTelling(line: string): boolean {
  return !/ {4}at |^\S+ \w+$/.test(line);
}

/**
 * Returns undefined once the process serves or the signal is aborted, else how the process ended.
 * One that is not ready within 30 s is ended.
 */
async function untilReady(
  started: ServiceProcess,
  signal: AbortSignal,
): Promise<ProcessEnd | undefined> {
  const waiting = new AbortController();
  const patience = AbortSignal.any([signal, waiting.signal]);
  const tooLate = delay(readyWithinMs, "too late" as const, { signal: patience }).catch(
    () => undefined,
  );
  const outcome = await Promise.race([started.ready, started.ended, tooLate]);
  waiting.abort();
  if (outcome === undefined) return undefined;
  if (outcome !== "too late") return outcome;
  started.kill("SIGKILL");
  const end = await started.ended;
  return { ...end, exit: `not ready after ${readyWithinMs / 1000} s` };
}
