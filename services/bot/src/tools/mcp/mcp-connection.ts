import { setTimeout as delay } from "node:timers/promises";
import type { CallToolResult, Tool } from "@modelcontextprotocol/client";
import type { Logger } from "@resonance/kit";
import { type LiveClient, meansLost, openLiveClient } from "./live-client.ts";
import type { McpServerConfig } from "./mcp-config.ts";

export type McpConnectionOptions = {
  readonly log: Logger;
  /** Told of the whole list at every connection, every health check and every change. */
  readonly onTools: (tools: readonly Tool[]) => void;
  /** How long a server may take to start and to shake hands; 30 s unless told. */
  readonly connectTimeoutMs?: number;
  /** 30 s unless told. */
  readonly healthIntervalMs?: number;
  /** The first pause before another attempt, doubled up to 60 s; 1 s unless told. */
  readonly backoffMs?: number;
};

export type ConnectionState =
  | { readonly kind: "connecting" }
  | { readonly kind: "ready"; readonly sinceMs: number }
  /** Not there; another attempt follows. */
  | { readonly kind: "away"; readonly reason: string };

/** Said of a call that found no server. */
export class ServerAwayError extends Error {
  override readonly name = "ServerAwayError";
}

const maxBackoffMs = 60_000;
const healthTimeoutMs = 10_000;
// A server that lived this long has earned a fresh start of the backoff.
const provenAfterMs = 60_000;
const missesAllowed = 1;

/**
 * A connection to one server that is made again whenever it is lost: connecting → ready → away →
 * connecting… Two health checks missed in a row, or a message that is too large, count as lost.
 */
export class McpConnection implements AsyncDisposable {
  readonly #server: McpServerConfig;
  readonly #options: Required<McpConnectionOptions>;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #state: ConnectionState = { kind: "connecting" };
  #live: LiveClient | undefined;
  /** Ends the pause before the next attempt. */
  #hurry = new AbortController();
  /** Settles at the next change of state. */
  #change = Promise.withResolvers<void>();

  constructor(server: McpServerConfig, options: McpConnectionOptions) {
    this.#server = server;
    this.#options = {
      connectTimeoutMs: 30_000,
      healthIntervalMs: 30_000,
      backoffMs: 1_000,
      ...options,
    };
    this.#running = this.#run();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Waits until the first attempt has ended, well or badly. */
  async settled(signal: AbortSignal): Promise<ConnectionState> {
    while (this.#state.kind === "connecting") await this.#changed(signal);
    return this.#state;
  }

  /**
   * Calls a tool by the server's own name. A server that is away is tried again at once, within the
   * time of the call.
   *
   * @throws the signal's reason, ServerAwayError, TooLargeError, or what the SDK says
   */
  async call(
    tool: string,
    input: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<CallToolResult> {
    const live = await this.#ready(signal);
    return await this.#callOn(live, tool, input, this.#server.timeoutMs, signal);
  }

  /** Has the server list its tools now, where it is there. */
  async listAgain(): Promise<void> {
    const live = this.#live;
    if (!live) return;
    try {
      await this.#list(live);
    } catch (error) {
      // What is wrong with the server, the next health check finds out.
      this.#options.log.info({ err: error, mcpServer: this.#server.name }, "mcp list failed");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("the connection is closed"));
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stop.signal.aborted; ) {
      const startedMs = Date.now();
      let live: LiveClient | undefined;
      try {
        live = await this.#open();
        await this.#serve(live);
      } catch (error) {
        this.#live = undefined;
        failures = Date.now() - startedMs > provenAfterMs ? 0 : failures + 1;
        if (!this.#stop.signal.aborted) this.#becomesAway(error);
      } finally {
        await live?.[Symbol.asyncDispose]();
      }
      await this.#pause(failures);
    }
  }

  #open(): Promise<LiveClient> {
    const { log, onTools, connectTimeoutMs } = this.#options;
    return openLiveClient({ log, onTools }, this.#server, connectTimeoutMs, this.#stop.signal);
  }

  /** Ends only by an error: why the connection was lost. */
  async #serve(live: LiveClient): Promise<never> {
    await this.#list(live);
    this.#live = live;
    this.#becomes({ kind: "ready", sinceMs: Date.now() });
    const server = live.client.getServerVersion();
    this.#options.log.info({ mcpServer: this.#server.name, server }, "mcp server is ready");
    return await this.#watch(live);
  }

  async #watch(live: LiveClient): Promise<never> {
    const until = AbortSignal.any([this.#stop.signal, live.gone]);
    for (let misses = 0; ; ) {
      await untilAborted(this.#options.healthIntervalMs, until);
      try {
        await this.#check(live);
        misses = 0;
      } catch (error) {
        until.throwIfAborted();
        misses += 1;
        const { name } = this.#server;
        this.#options.log.warn({ err: error, mcpServer: name, misses }, "mcp health check failed");
        if (misses > missesAllowed) throw error;
      }
    }
  }

  /** A server that answers pings may still be unable to work: a configured call says so. */
  async #check(live: LiveClient): Promise<void> {
    const { health } = this.#server;
    const options = { timeout: healthTimeoutMs, signal: live.gone };
    if (health) {
      const { tool, arguments: input } = health;
      const result = await this.#callOn(live, tool, input, healthTimeoutMs, this.#stop.signal);
      if (result.isError === true) throw new Error(`the health check's ${tool} answers an error`);
    } else if (live.client.getProtocolEra() === "modern") {
      await live.client.discover(options);
    } else {
      await live.client.ping(options);
    }
    // Not every server says so when its tools change.
    await this.#list(live);
  }

  async #list(live: LiveClient): Promise<void> {
    const { tools } = await live.client.listTools(undefined, {
      cacheMode: "refresh",
      timeout: healthTimeoutMs,
      signal: AbortSignal.any([live.gone, this.#stop.signal]),
    });
    this.#options.onTools(tools);
  }

  async #callOn(
    live: LiveClient,
    tool: string,
    input: Readonly<Record<string, unknown>>,
    timeout: number,
    signal: AbortSignal,
  ): Promise<CallToolResult> {
    const either = AbortSignal.any([signal, live.gone]);
    try {
      return await live.client.callTool(
        { name: tool, arguments: { ...input } },
        { timeout, maxTotalTimeout: timeout, signal: either },
      );
    } catch (error) {
      signal.throwIfAborted();
      // The reason is more than the SDK knows of an aborted request.
      live.gone.throwIfAborted();
      if (meansLost(error)) await live[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #ready(signal: AbortSignal): Promise<LiveClient> {
    const patience = AbortSignal.any([
      signal,
      this.#stop.signal,
      AbortSignal.timeout(this.#server.timeoutMs),
    ]);
    // One attempt of its own: a server that is away may be back already.
    let tried = this.#state.kind === "away";
    if (tried) this.#hurry.abort();
    while (!this.#live || this.#live.gone.aborted) {
      try {
        await this.#changed(patience);
      } catch {
        signal.throwIfAborted();
        throw new ServerAwayError(this.#whyAway());
      }
      if (this.#state.kind !== "away") continue;
      if (tried) throw new ServerAwayError(this.#whyAway());
      tried = true;
      this.#hurry.abort();
    }
    return this.#live;
  }

  #whyAway(): string {
    return this.#state.kind === "away" ? this.#state.reason : "it is still starting";
  }

  #becomesAway(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const before = this.#state;
    this.#becomes({ kind: "away", reason });
    // Said once: the next thousand attempts fail for the same reason.
    if (before.kind === "away" && before.reason === reason) return;
    this.#options.log.warn({ err: error, mcpServer: this.#server.name }, "mcp server is away");
  }

  #becomes(state: ConnectionState): void {
    this.#state = state;
    const { resolve } = this.#change;
    this.#change = Promise.withResolvers();
    resolve();
  }

  async #changed(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await Promise.race([this.#change.promise, aborted.promise]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  async #pause(failures: number): Promise<void> {
    const ceilingMs = Math.min(maxBackoffMs, this.#options.backoffMs * 2 ** Math.min(failures, 16));
    const pauseMs = ceilingMs * (0.5 + Math.random() / 2);
    const signal = AbortSignal.any([this.#stop.signal, this.#hurry.signal]);
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    this.#hurry = new AbortController();
  }
}

/** Waits, and throws the reason of the signal when that comes first. */
async function untilAborted(waitMs: number, signal: AbortSignal): Promise<void> {
  await delay(waitMs, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}
