import { setTimeout as delay } from "node:timers/promises";
import type { Server } from "@resonance/testkit";
import { nextBackoffMs } from "./backoff.ts";
import type { ServerEntry } from "./stack-file.ts";
import type { SupervisorHooks } from "./supervised-service.ts";

/**
 * A server that serves, and is kept running where it is a process of ours: one that ends is started
 * again on its data, at its address, as often as it takes. One that was given is only spoken of.
 */
export class SupervisedServer implements AsyncDisposable {
  readonly name: string;
  readonly #hooks: SupervisorHooks;
  readonly #stopping = new AbortController();
  readonly #supervision: Promise<void>;
  #server: Server;
  #state: ServerEntry["state"] = "running";
  #startedAt = new Date();
  #restarts = 0;
  #lastExit: string | null = null;

  /** The first life of the server ends with whoever opened it. */
  constructor(name: string, server: Server, hooks: SupervisorHooks) {
    this.name = name;
    this.#server = server;
    this.#hooks = hooks;
    this.#supervision = this.#keepRunning();
  }

  get entry(): ServerEntry {
    const { address, version, logFile, process } = this.#server;
    const isRunning = this.#state === "running";
    return {
      name: this.name,
      kind: "server",
      pid: isRunning ? (process?.pid ?? null) : null,
      state: this.#state,
      startedAt: this.#startedAt.toISOString(),
      restarts: this.#restarts,
      lastExit: this.#lastExit,
      logFile,
      address,
      version,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort(new Error(`${this.name} is being stopped`));
    await this.#supervision;
    if (this.#restarts > 0) await this.#server[Symbol.asyncDispose]();
    this.#enter("stopped");
  }

  /** Never rejects. Each round begins with a process that serves. */
  async #keepRunning(): Promise<void> {
    const { signal } = this.#stopping;
    const stopped = new Promise<undefined>((resolve) => {
      signal.addEventListener("abort", () => resolve(undefined), { once: true });
    });
    let backoffMs: number | undefined;
    for (;;) {
      const { process } = this.#server;
      const how = await Promise.race([process?.exited ?? stopped, stopped]);
      if (!process || how === undefined || signal.aborted) return;
      let crash: Crash = { exit: how.startsWith("SIG") ? `signal ${how}` : how };
      for (;;) {
        backoffMs = nextBackoffMs(backoffMs, Date.now() - this.#startedAt.getTime());
        this.#sayCrash(crash, backoffMs);
        await delay(backoffMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        this.#startedAt = new Date();
        try {
          this.#server = await process.startAgain(signal);
          break;
        } catch (error) {
          if (signal.aborted) return;
          crash = { exit: "while starting", lastError: String(error) };
        }
      }
      this.#restarts += 1;
      this.#enter("running");
      const { name: service } = this;
      const pid = this.#server.process?.pid ?? 0;
      this.#hooks.notify({ kind: "service_back", service, pid, restarts: this.#restarts });
    }
  }

  #sayCrash({ exit, lastError }: Crash, retryInMs: number): void {
    this.#lastExit = exit;
    this.#enter("restarting");
    const logFile = this.#server.logFile ?? "";
    this.#hooks.notify({
      kind: "service_crashed",
      service: this.name,
      exit,
      lastError,
      logFile,
      retryInMs,
    });
  }

  #enter(state: ServerEntry["state"]): void {
    this.#state = state;
    this.#hooks.changed();
  }
}

type Crash = { readonly exit: string; readonly lastError?: string };
