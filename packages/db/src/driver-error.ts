import { ChatError } from "@resonance/kit";

/**
 * A driver's error as what it means to a caller. A lost or refused connection is `unavailable`,
 * also one that is lost at the commit: what it committed is then uncertain. So is a server that
 * cannot write, which passes as well. Other errors stay as they are, without the statement and its
 * values: errors go to the log.
 */
export function readable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ChatError) return error;
  if ("sql" in error) delete error.sql;
  if (isOfTheConnection(error)) {
    return new ChatError("unavailable", "the database does not answer", { cause: error });
  }
  if (errno(error) === interrupted) {
    return new ChatError("unavailable", "the statement was interrupted", { cause: error });
  }
  if (isReadOnly(error) || isFull(error)) {
    return new ChatError("unavailable", "the database cannot write", { cause: error });
  }
  return error;
}

/**
 * Whether the server takes no writes: it was the primary and is not any more, so connections to it
 * lead to the wrong place. Comes at a COMMIT, too, which then has committed nothing.
 */
export function isReadOnly(error: unknown): boolean {
  return readOnly.has(errno(error) ?? 0);
}

// --read-only and --super-read-only; InnoDB in read-only mode.
const readOnly: ReadonlySet<number> = new Set([1290, 1836]);

// Disk full, table full, and the binary log's. "Got error 28 from storage engine" names ENOSPC.
const full: ReadonlySet<number> = new Set([1021, 1026, 1114, 1598]);

// By KILL QUERY: somebody who looks for what holds others up.
const interrupted = 1317;

function isFull(error: Error): boolean {
  const number = errno(error) ?? 0;
  return full.has(number) || (number === 1030 && /\b28\b/.test(error.message));
}

/** The number of the server's error. The same on MySQL and MariaDB for those that are asked for. */
export function errno(error: unknown): number | undefined {
  return error instanceof Error && "errno" in error && typeof error.errno === "number"
    ? error.errno
    : undefined;
}

const ofTheConnection: readonly string[] = [
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_SEQUENCE_TIMEOUT",
  "ER_SERVER_SHUTDOWN",
  "ER_CON_COUNT_ERROR",
  "ER_NEW_ABORTING_CONNECTION",
  "ER_CONNECTION_KILLED",
];

function isOfTheConnection(error: Error): boolean {
  if ("fatal" in error && error.fatal === true) return true;
  if ("code" in error && ofTheConnection.includes(String(error.code))) return true;
  // The driver has no code for these.
  return /closed state|Pool is closed|Queue limit reached/.test(error.message);
}
