import { z } from "zod";
import { aborted } from "./aborted.ts";
import { ConfigError, type Environment, readConfig } from "./config.ts";
import { armFailpoints } from "./failpoint.ts";
import { createLogger, guardedOutput, type LogGuard, type Logger } from "./log.ts";
import { logLevel } from "./settings.ts";

export type ServiceContext = {
  readonly environment: Environment;
  readonly log: Logger;
  /** Aborted when the service is to stop. */
  readonly signal: AbortSignal;
};

const LogConfig = z.object({ RESONANCE_LOG_LEVEL: logLevel });

const stopWithinMs = 30_000;

/**
 * Runs a service until SIGTERM or SIGINT, or until its parent goes away (a closed IPC channel).
 * `start` opens everything and returns what must be disposed. Closing may take 30 s; a second
 * signal, or the end of that time, ends the process at once.
 *
 * Exit codes: 0 stopped, 1 crashed or could not close, 78 bad configuration.
 */
export async function runService(
  name: string,
  environment: Environment,
  start: (context: ServiceContext) => Promise<AsyncDisposable>,
  options: { readonly logGuard?: LogGuard } = {},
): Promise<void> {
  const output = options.logGuard && guardedOutput(options.logGuard);
  const log = createLogger(name, "info", output);
  armFailpoints(environment.RESONANCE_FAILPOINTS);
  const stop = new AbortController();
  const fail = (error: unknown): never => {
    if (error instanceof ConfigError) {
      log.fatal(error.message);
      process.exit(78);
    }
    log.fatal({ err: error }, "crashed");
    process.exit(1);
  };
  process.on("uncaughtException", fail).on("unhandledRejection", fail);
  const requestStop = (why: string) => {
    if (stop.signal.aborted) {
      log.warn({ why }, "stopping at once");
      process.exit(1);
    }
    log.info({ why }, "stopping");
    stop.abort(new Error(`${name} is stopping: ${why}`));
    setTimeout(() => fail(new Error("could not stop in time")), stopWithinMs).unref();
  };
  process.on("SIGTERM", requestStop).on("SIGINT", requestStop);
  process.on("disconnect", () => requestStop("parent is gone"));
  // A parent that was gone before anyone listened is not announced any more.
  if (process.connected === false) process.exit(0);

  try {
    log.level = readConfig(LogConfig, environment).RESONANCE_LOG_LEVEL;
    await using running = await start({ environment, log, signal: stop.signal });
    log.info("ready");
    process.send?.({ ready: true });
    await aborted(stop.signal);
    void running;
  } catch (error) {
    // Whoever stops a service that is still starting makes its start fail.
    if (!stop.signal.aborted) fail(error);
  }
  log.info("stopped");
  process.exit(0);
}
