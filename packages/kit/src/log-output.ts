import { writeSync } from "node:fs";

const waitForReaderMs = 200;
const lookAgainMs = 5;

/** Beyond it lines are not kept until the end of the turn. */
const maxWaitingLength = 64 * 1024;

/**
 * Writes log lines to a file descriptor, those of one turn of the event loop together at its end:
 * what the turn has to answer goes before. What cannot be written (the disk is full, the reader of
 * a pipe is gone or has not read for 0.2 s) is given up: a service goes on without its log. When
 * writing works again a line says how many are missing; until then nobody is waited for.
 *
 * pino's own stream ends the process then, or keeps it from ending for as long as the disk is full.
 */
export class LogOutput {
  readonly #fd: number;
  readonly #write: (fd: number, bytes: Uint8Array) => number;
  #waiting: string[] = [];
  #waitingLength = 0;
  #lost = 0;
  #isTorn = false;

  constructor(fd: number, write: (fd: number, bytes: Uint8Array) => number = writeSync) {
    this.#fd = fd;
    this.#write = write;
  }

  write(line: string): void {
    if (this.#waiting.length === 0) setImmediate(() => this.flushSync());
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    if (this.#waitingLength > maxWaitingLength) this.flushSync();
  }

  /** Writes what is waiting. pino calls it for a fatal line. */
  flushSync(): void {
    const lines = this.#waiting;
    if (lines.length === 0) return;
    this.#waiting = [];
    this.#waitingLength = 0;
    if (this.#lost > 0) {
      if (this.#put(missing(this.#lost)) > 0) {
        this.#lost += lines.length;
        return;
      }
      this.#lost = 0;
    }
    this.#lost = this.#put(lines.join(""));
  }

  /** Gives how many lines are not written, or not whole. */
  #put(lines: string): number {
    let rest: Uint8Array = Buffer.from(this.#isTorn ? `\n${lines}` : lines);
    const giveUpAtMs = performance.now() + (this.#lost > 0 ? 0 : waitForReaderMs);
    while (rest.length > 0) {
      try {
        const written = this.#write(this.#fd, rest);
        if (written > 0) this.#isTorn = rest[written - 1] !== newline;
        rest = rest.subarray(written);
      } catch (error) {
        if (!isBusy(error) || performance.now() >= giveUpAtMs) return linesIn(rest);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lookAgainMs);
      }
    }
    return 0;
  }
}

const newline = 10;

function linesIn(bytes: Uint8Array): number {
  return bytes.reduce((lines, byte) => (byte === newline ? lines + 1 : lines), 0);
}

function missing(lines: number): string {
  const time = new Date().toISOString();
  return `${JSON.stringify({ level: "error", time, pid: process.pid, msg: `${lines} log lines could not be written` })}\n`;
}

/** A pipe whose reader is slow. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}
