import { errors, jwtVerify, SignJWT } from "jose";

const issuer = "resonance-service";
/** What the contract's clients get. */
export const longLifetimeSeconds = 24 * 60 * 60;
/** For clients that renew it, unless the configuration says otherwise. */
export const shortLifetimeSeconds = 15 * 60;

export type VerifiedToken = {
  readonly username: string;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** Of a token that can be renewed. */
  readonly signInId: string | undefined;
};

export type Tokens = {
  /** Of what is given to clients that renew it. */
  readonly shortLifetimeSeconds: number;
  issue(username: string, lifetimeSeconds: number, signInId?: string): Promise<string>;
  /** What the token says, or undefined for one that is malformed, forged or expired. */
  verify(token: string): Promise<VerifiedToken | undefined>;
};

/** HS256 tokens as the Go system makes and reads them. */
export function createTokens(
  secretKey: string,
  nowMs: () => number = Date.now,
  shortSeconds = shortLifetimeSeconds,
): Tokens {
  const key = new TextEncoder().encode(secretKey);
  return {
    shortLifetimeSeconds: shortSeconds,
    issue(username, lifetimeSeconds, signInId) {
      const issuedAt = Math.floor(nowMs() / 1_000);
      // The order of the claims is that of the Go system, so that equal tokens are equal bytes.
      const claims = {
        iss: issuer,
        sub: username,
        exp: issuedAt + lifetimeSeconds,
        iat: issuedAt,
        roles: ["user"],
        ...(signInId === undefined ? {} : { sid: signInId }),
      };
      return new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(key);
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ["HS256"],
          issuer,
          // A token that never expires is not one of ours, and one without a birth not revocable.
          requiredClaims: ["exp", "iat", "sub"],
          currentDate: new Date(nowMs()),
        });
        const { sub = "", iat = 0, sid } = payload;
        if (sub === "" || (sid !== undefined && typeof sid !== "string")) return undefined;
        return { username: sub, issuedAt: iat, signInId: sid };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
