import { errors, jwtVerify, SignJWT } from "jose";

const issuer = "resonance-service";
const lifetimeSeconds = 24 * 60 * 60;

export type Tokens = {
  issue(username: string): Promise<string>;
  /** The token's user, or undefined for a token that is malformed, forged or expired. */
  verify(token: string): Promise<string | undefined>;
};

/** HS256 tokens as the Go system makes and reads them, valid for 24 h. */
export function createTokens(secretKey: string, nowMs: () => number = Date.now): Tokens {
  const key = new TextEncoder().encode(secretKey);
  return {
    issue(username) {
      const issuedAt = Math.floor(nowMs() / 1_000);
      // The order of the claims is that of the Go system, so that equal tokens are equal bytes.
      const claims = {
        iss: issuer,
        sub: username,
        exp: issuedAt + lifetimeSeconds,
        iat: issuedAt,
        roles: ["user"],
      };
      return new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(key);
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ["HS256"],
          issuer,
          // A token that never expires is not one of ours.
          requiredClaims: ["exp", "sub"],
          currentDate: new Date(nowMs()),
        });
        return payload.sub === "" ? undefined : payload.sub;
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
