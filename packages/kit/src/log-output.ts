import { writeSync } from "node:fs";

const waitForReaderMs = 200;
const lookAgainMs = 5;

/**
 * Writes log lines to a file descriptor, each whole before the next. A line that cannot be written
 * (the disk is full, the reader of a pipe is gone or has not read for 0.2 s) is given up: a service
 * goes on without its log. When writing works again a line says how many are missing.
 *
 * pino's own stream ends the process then, or keeps it from ending for as long as the disk is full.
 */
export class LogOutput {
  readonly #fd: number;
  readonly #write: (fd: number, bytes: Uint8Array) => number;
  #lost = 0;
  #isTorn = false;

  constructor(fd: number, write: (fd: number, bytes: Uint8Array) => number = writeSync) {
    this.#fd = fd;
    this.#write = write;
  }

  write(line: string): void {
    if (this.#lost > 0 && !this.#put(missing(this.#lost))) {
      this.#lost += 1;
      return;
    }
    this.#lost = this.#put(line) ? 0 : 1;
  }

  /** Says whether the whole line is written. */
  #put(line: string): boolean {
    let rest: Uint8Array = Buffer.from(this.#isTorn ? `\n${line}` : line);
    const giveUpAtMs = performance.now() + waitForReaderMs;
    while (rest.length > 0) {
      try {
        const written = this.#write(this.#fd, rest);
        if (written > 0) this.#isTorn = written < rest.length;
        rest = rest.subarray(written);
      } catch (error) {
        if (!isBusy(error) || performance.now() >= giveUpAtMs) return false;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lookAgainMs);
      }
    }
    return true;
  }
}

function missing(lines: number): string {
  const time = new Date().toISOString();
  return `${JSON.stringify({ level: "error", time, pid: process.pid, msg: `${lines} log lines could not be written` })}\n`;
}

/** A pipe whose reader is slow. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}
