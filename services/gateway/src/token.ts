import type { IncomingHttpHeaders } from "node:http";

/**
 * The access token of a request: `Authorization: Bearer <token>` or the bare token there, and only
 * without that header `?token=`.
 */
export function tokenOf(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  const header = headers.authorization?.trim();
  if (header) return header.replace(/^bearer(\s+|$)/i, "") || undefined;
  return query.get("token") || undefined;
}

/**
 * When a JWT expires, in unix milliseconds; undefined when it never does. The signature is not
 * looked at: this is for tokens that Logic has accepted.
 */
export function expiryOf(token: string): number | undefined {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"),
    );
    if (typeof claims !== "object" || claims === null || !("exp" in claims)) return undefined;
    return typeof claims.exp === "number" ? claims.exp * 1_000 : undefined;
  } catch {
    // Logic vouches for it, so it is a token of another make.
    return undefined;
  }
}
