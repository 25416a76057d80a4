import type { Span } from "../span.ts";
import { secretsIn } from "./matches.ts";

/** JSON Web Tokens, also without their tail, and the tail of one whose head is elsewhere. */
export function findWebTokens(text: string): Span[] {
  return secretsIn(
    text,
    /(?<![A-Za-z0-9_-])e[wy][\w-]{6,}(?:(?:\.|%2E)[\w-]*){0,4}(?:=|%3D){0,2}/g,
    "jwt",
    isWebToken,
  );
}

function isWebToken(token: string): boolean {
  const [head = "", ...rest] = token.split(/\.|%2E/);
  const decoded = Buffer.from(head.slice(0, 400), "base64url").toString("latin1");
  if (!/^\s*\{\s*"/.test(decoded)) return false;
  if (rest.length > 0 && rest.some((part) => part.length >= 4)) return true;
  return (
    /"(?:alg|typ|kid|enc|sub|iss|aud|exp|iat|jti|cty|x5t|jku)"/.test(decoded) || decoded.length < 14
  );
}
