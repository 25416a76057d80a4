/**
 * A random id for one message, to be kept for every further try of sending it. Unlike
 * crypto.randomUUID this works on a page that was not loaded over TLS.
 */
export function newClientMsgId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
