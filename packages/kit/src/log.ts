import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import { LogOutput } from "./log-output.ts";

export type Logger = PinoLogger;

let standardOutput: LogOutput | undefined;

/** One for all loggers, with nothing left in it when the process ends. */
function openStandardOutput(): LogOutput {
  if (standardOutput) return standardOutput;
  const output = new LogOutput(1);
  process.on("exit", () => output.flushSync());
  standardOutput = output;
  return output;
}

/** Changes a line of the log before it is written, such as to take secrets out. */
export type LogGuard = (line: string) => string;

/**
 * JSON lines on standard output unless told: `time` (RFC 3339, UTC), `level` (a word), `service`,
 * `msg`, and what the call adds. Errors go under `err` with their causes. Never throws: see
 * `LogOutput`.
 */
export function createLogger(service: string, level = "info", to?: DestinationStream): Logger {
  const options = {
    level,
    base: { service, pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: ["password", "token", "*.password", "*.token"], censor: "[redacted]" },
  };
  return pino(options, to ?? openStandardOutput());
}

/** The same output behind a guard. A line that the guard throws at is not written: that is said. */
export function guardedOutput(guard: LogGuard, to?: DestinationStream): DestinationStream {
  const output = to ?? openStandardOutput();
  return {
    write(line) {
      try {
        output.write(guard(line));
      } catch {
        const time = new Date().toISOString();
        const withheld = { level: "error", time, pid: process.pid, msg: "a log line is withheld" };
        output.write(`${JSON.stringify(withheld)}\n`);
      }
    },
  };
}
