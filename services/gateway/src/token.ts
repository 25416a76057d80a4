import { createHash } from "node:crypto";
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

/** What is remembered of a token while its socket is open; not the token itself. */
export type TokenMark = {
  /** SHA-256, in base64. */
  readonly hash: string;
  /** Unix milliseconds; undefined when the token has no end. */
  readonly expiresAtMs: number | undefined;
  /** Unix seconds; undefined when it does not say. */
  readonly issuedAt: number | undefined;
  /** The sign-in that it belongs to, of a token that can be renewed. */
  readonly signInId: string | undefined;
};

/** The signature is not looked at: this is for tokens that Logic has accepted. */
export function markOf(token: string): TokenMark {
  const { exp, iat, sid } = claimsOf(token);
  return {
    hash: createHash("sha256").update(token).digest("base64"),
    expiresAtMs: typeof exp === "number" ? exp * 1_000 : undefined,
    issuedAt: typeof iat === "number" ? iat : undefined,
    signInId: typeof sid === "string" ? sid : undefined,
  };
}

type Claims = { readonly exp?: unknown; readonly iat?: unknown; readonly sid?: unknown };

function claimsOf(token: string): Claims {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"),
    );
    return typeof claims === "object" && claims !== null ? claims : {};
  } catch {
    // Logic vouches for it, so it is a token of another make.
    return {};
  }
}
