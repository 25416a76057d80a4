import type { IncomingHttpHeaders } from "node:http";
import { cors } from "@connectrpc/connect";

/**
 * Whether a page of this origin may use the gateway: the page that the gateway itself serves, or
 * one on the list. Requests without an origin come from no page.
 */
export function isAllowedOrigin(
  headers: IncomingHttpHeaders,
  allowedOrigins: ReadonlySet<string>,
): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowedOrigins.has(origin)) return true;
  const page = URL.parse(origin);
  if (page?.origin !== origin || host === undefined) return false;
  // A proxy may have ended TLS, so the page's scheme counts; it also settles the default port.
  return URL.parse(`${page.protocol}//${host}`)?.host === page.host;
}

/** What a browser must be told for the page to read the answer; empty for pages that may not. */
export function corsHeaders(
  headers: IncomingHttpHeaders,
  allowedOrigins: ReadonlySet<string>,
): Record<string, string> {
  const { origin } = headers;
  if (origin === undefined) return {};
  if (!isAllowedOrigin(headers, allowedOrigins)) return { vary: "Origin" };
  return {
    vary: "Origin",
    "access-control-allow-origin": origin,
    "access-control-allow-methods": [...cors.allowedMethods, "OPTIONS"].join(", "),
    "access-control-allow-headers": [...cors.allowedHeaders, "Authorization", "X-Trace-ID"].join(
      ", ",
    ),
    "access-control-expose-headers": [...cors.exposedHeaders, "X-Trace-ID", "X-Request-ID"].join(
      ", ",
    ),
    "access-control-max-age": "7200",
  };
}
