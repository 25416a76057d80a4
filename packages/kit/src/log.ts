import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import { LogOutput } from "./log-output.ts";

export type Logger = PinoLogger;

const standardOutput = 1;

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
  return pino(options, to ?? new LogOutput(standardOutput));
}
