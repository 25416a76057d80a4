import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { Environment } from "@resonance/kit";
import { lastError, lastLines, openLogFile, stderrEntry, writeIfPossible } from "./log-file.ts";

export type ServiceCommand = {
  readonly name: string;
  /** The module that Node runs. */
  readonly entry: string;
  readonly environment: Environment;
  readonly logFile: string;
  readonly metricsUrl: string;
  /** Told when the process asks for a service to be restarted. */
  readonly onRestartRequest?: (service: string) => void;
  /** host:port, where other services call it. */
  readonly address?: string;
};

/** One life of a service: from its start to its end, never again. */
export type ServiceProcess = {
  readonly pid: number;
  readonly startedAt: Date;
  /** Settles when the service reports that it serves; never rejects. */
  readonly ready: Promise<void>;
  /** Settles when the process has ended and its log is complete; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** SIGTERM, and SIGKILL if that is not enough within `graceMs` or once the signal is aborted. */
  stop(graceMs: number, signal: AbortSignal): Promise<ProcessEnd>;
  kill(signal: "SIGKILL" | "SIGTERM"): void;
};

export type ProcessEnd = {
  /** As in "exit code 1" or "signal SIGKILL". */
  readonly exit: string;
  readonly lifeMs: number;
  readonly lastError: string | undefined;
  readonly lastLines: readonly string[];
};

/**
 * Starts a service with the Node that runs this.
 *
 * Standard output goes straight into the log, so that logging does not depend on this process;
 * standard error comes through here to be wrapped into JSON lines. The process leads a group of its
 * own: Ctrl-C in the terminal does not reach it, and what it started itself ends with it. It learns
 * that this process is gone from the IPC channel.
 */
export function startServiceProcess(command: ServiceCommand): ServiceProcess {
  const log = openLogFile(command.logFile);
  const startedAt = new Date();
  const child = spawn(process.execPath, [command.entry], {
    stdio: ["ignore", log.fd, "pipe", "ipc"],
    env: { ...command.environment },
    detached: true,
  });
  const ready = new Promise<void>((resolve) => {
    child.on("message", (message) => {
      if (typeof message !== "object" || message === null) return;
      if ("ready" in message) resolve();
      if ("restart" in message && typeof message.restart === "string") {
        command.onRestartRequest?.(message.restart);
      }
    });
  });
  const ended = exitOf(child, command, log.fd).then((exit): ProcessEnd => {
    const lines = lastLines(command.logFile, 200, log.startOffset);
    const lifeMs = Date.now() - startedAt.getTime();
    return { exit, lifeMs, lastError: lastError(lines), lastLines: lines };
  });
  const kill = (signal: "SIGKILL" | "SIGTERM") => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  };
  let askedToStop = false;
  return {
    // 0 when the process could not be started at all; `ended` says so.
    pid: child.pid ?? 0,
    startedAt,
    ready,
    ended,
    kill,
    async stop(graceMs, signal) {
      // Asked a second time, a service does not finish what it has begun.
      if (!askedToStop) kill("SIGTERM");
      askedToStop = true;
      const waiting = new AbortController();
      const patience = AbortSignal.any([signal, waiting.signal]);
      const expired = delay(graceMs, undefined, { signal: patience }).catch(() => undefined);
      await Promise.race([ended, expired]);
      waiting.abort();
      kill("SIGKILL");
      return await ended;
    },
  };
}

/** Waits for the end of the process and of its output, and clears away what it left running. */
async function exitOf(child: ChildProcess, command: ServiceCommand, fd: number): Promise<string> {
  if (child.stderr) {
    createInterface({ input: child.stderr }).on("line", (line) => {
      writeIfPossible(fd, stderrEntry(command.name, child.pid ?? 0, line, new Date()));
    });
  }
  child.once("exit", () => killGroup(child.pid));
  const exit = await new Promise<string>((resolve) => {
    child.once("error", (error) => {
      writeIfPossible(fd, stderrEntry(command.name, 0, error.message, new Date()));
      if (child.pid === undefined) resolve(`cannot be started: ${error.message}`);
    });
    child.once("close", (code, signal) =>
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
  });
  closeSync(fd);
  return exit;
}

/** Ends what is left of the group a process led. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // Nothing was left, the usual case; macOS says EPERM for a group that is just ending.
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
