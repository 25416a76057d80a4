/** The session that the address names, or undefined. */
export function sessionOfHash(hash: string): string | undefined {
  const encoded = hash.replace(/^#/, "");
  try {
    return decodeURIComponent(encoded) || undefined;
  } catch {
    // A mistyped address names nothing.
    return undefined;
  }
}

/** The address of a session within the page. */
export function hashOfSession(sessionId: string): string {
  return `#${encodeURIComponent(sessionId).replaceAll("%3A", ":")}`;
}
