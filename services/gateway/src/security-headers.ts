const hostPattern = /^[\w.-]+(:\d+)?$|^\[[0-9a-fA-F:]+\](:\d+)?$/;

/** For every answer. */
export const plainHeaders = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
} as const;

/** For the page: it talks to the host that served it and to nobody else. */
export function contentSecurityPolicy(host: string | undefined): string {
  // 'self' does not cover ws: in every browser, so the host is named; it comes from the request.
  const sockets = host && hostPattern.test(host) ? ` ws://${host} wss://${host}` : "";
  return [
    "default-src 'self'",
    `connect-src 'self'${sockets}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
