/** The servers cannot be had: `message` is for the person at the terminal and may have many lines. */
export class ServersError extends Error {
  override readonly name = "ServersError";
}

/** What went wrong, in words: some network errors have a code and no message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message) return error.message;
  return "code" in error ? String(error.code) : error.name;
}
