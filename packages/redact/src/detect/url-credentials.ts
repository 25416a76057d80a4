import type { Span } from "../span.ts";
import { secretsIn } from "./matches.ts";
import { isPlaceholder, looksRandom } from "./value-kind.ts";

/** Names and passwords in addresses: `mysql://a:b@c`, `a:b@tcp(c)`, `https://token@c`. */
export function findUrlCredentials(text: string): Span[] {
  return [...inUrls(text), ...withoutScheme(text), ...ofOracle(text), ...inPaths(text)];
}

function inUrls(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(/[a-z][a-z0-9+.-]{0,30}(?::|%3A)(?:\/\/|\\\/\\\/|%2F%2F)/gi)) {
    const start = match.index + match[0].length;
    userInfo.lastIndex = start;
    const info = userInfo.exec(text)?.[0];
    if (info === undefined) continue;
    const at = Math.max(info.lastIndexOf("@"), info.toUpperCase().lastIndexOf("%40"));
    const end = at < 0 ? cutUserInfo(text, start, info) : start + at;
    const content = text.slice(start, end);
    if (end > start && isUserInfo(content, match[0])) {
      spans.push({ start, end, kind: "connection", from: match.index });
    }
  }
  return spans;
}

const userInfo = /[^\s"'<>`]{0,400}/y;

/** The text ends, or the line does, before the `@`: only then is `user:pass` without it one. */
function cutUserInfo(text: string, start: number, info: string): number {
  const end = start + info.length;
  const isCut = end >= text.length || text[end] === "\n";
  const looksLikeOne = /^[\w.%-]{1,64}:(?!\d{1,5}(?:\/|$))[^/\s]{3,}$/.test(info);
  return isCut && looksLikeOne ? end : start;
}

function isUserInfo(content: string, scheme: string): boolean {
  if (content.includes("[redacted]")) return false;
  const colon = content.search(/:|%3A/i);
  const slash = content.search(/[/?#]/);
  if (colon < 0) {
    if (slash >= 0) return false;
    return (
      looksRandom(content, 16) ||
      /^[\da-f]{32}$/i.test(content) ||
      (/^nats|^tls/i.test(scheme) && content.length > 5)
    );
  }
  // host:port/path with an @ further on is no user and password.
  if (slash >= 0 && (slash < colon || /^(?::|%3A)\d{0,5}[/?#]/i.test(content.slice(colon))))
    return false;
  const password = content.slice(colon + (content[colon] === ":" ? 1 : 3));
  return !isPlaceholder(password) && !/^(?:password|pass|passwd|pwd|secret|token)$/i.test(password);
}

function withoutScheme(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(
    /(?<![\w.%/:@-])([\w.%+-]{1,64}):([^\s:"'<>@][^\s"'<>@]{2,200})@(?=(tcp|udp|unix|cloudsql)?\(|[\w.-]{1,100}(:\d{2,5}|\/)?)/g,
  )) {
    const [, user = "", password = "", driver, port] = match;
    if (
      /^(?:mailto|sips?|xmpp|acct|from|to|cc|bcc|user|email|mail|by|author|git|https?|ssh)$/i.test(
        user,
      )
    )
      continue;
    if (isPlaceholder(password) || password.startsWith("//")) continue;
    if (!driver && !port && !looksRandom(password, 8)) continue;
    if (!driver && /^\d+$/.test(password) && /^\d+$/.test(user)) continue;
    spans.push({ start: match.index, end: match.index + match[0].length - 1, kind: "connection" });
  }
  return spans;
}

/** `jdbc:oracle:thin:scott/tiger@…` */
function ofOracle(text: string): Span[] {
  return secretsIn(
    text,
    /\bjdbc:oracle:\w{2,8}:[\w$#.-]{1,64}\/("?[^\s/@"]{1,128}"?)(?=@)/gi,
    "connection",
  );
}

/** `/reset-password/<random>`: whoever has the address has the account. */
function inPaths(text: string): Span[] {
  return secretsIn(
    text,
    /\/(?:reset(?:-password|_password)?|password-reset|recover|[a-z]{2,12}-(?:invite|invitation|link|token)|invite|invitation|verify(?:-email)?|confirm(?:ation)?|activate|magic(?:-link|-login)?|unsubscribe|share|token|tokens|auth|login|sso|webhooks?|hooks?|callback|s3cr3t|secret)\/([\w.~%-]{16,512})/gi,
    "url_token",
    (value) => looksRandom(value, 16) || /^[\da-f]{32,64}$/i.test(value),
  );
}
