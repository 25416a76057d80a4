import { type JWTPayload, SignJWT } from "jose";
import { expect, test } from "vitest";
import { createTokens, longLifetimeSeconds } from "./tokens.ts";

const secret = "resonance-dev-secret-key-change-in-production-32chars";
const issuedAtMs = 1_769_340_643_000;
// V17 of the contract's golden vectors.
const golden =
  "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJyZXNvbmFuY2Utc2VydmljZSIsInN1YiI6ImFsaWNlIiwiZXhwIjoxNzY5NDI3MDQzLCJpYXQiOjE3NjkzNDA2NDMsInJvbGVzIjpbInVzZXIiXX0.cuM_HsDfGCbjhwqsvhUDY1rpYkXWoq1dTPVoGhfPL4k";

test("a token is the bytes that the Go system makes", async () => {
  expect(await createTokens(secret, () => issuedAtMs).issue("alice", longLifetimeSeconds)).toBe(
    golden,
  );
});

test("a token names its user for 24 hours", async () => {
  const dayMs = 24 * 60 * 60 * 1_000;

  expect(await createTokens(secret, () => issuedAtMs + dayMs - 1_000).verify(golden)).toMatchObject(
    {
      username: "alice",
      issuedAt: issuedAtMs / 1_000,
    },
  );
  expect(
    await createTokens(secret, () => issuedAtMs + dayMs + 1_000).verify(golden),
  ).toBeUndefined();
});

test.each([
  ["another secret", golden, `${secret}x`],
  ["a changed claim", golden.replace("ImFsaWNlIi", "ImFsaWNlMi"), secret],
  // {"alg":"none"} and the claims without a signature
  ["no algorithm", `eyJhbGciOiJub25lIn0.${golden.split(".")[1]}.`, secret],
  ["no token", "", secret],
  ["rubbish", "a.b.c", secret],
  ["no expiry", await signed({ iss: "resonance-service", sub: "alice" }), secret],
  ["another issuer", await signed({ iss: "x", sub: "alice", exp: 2_000_000_000 }), secret],
  ["no user", await signed({ iss: "resonance-service", sub: "", exp: 2_000_000_000 }), secret],
])("a token with %s is nobody's", async (_what, token, key) => {
  expect(await createTokens(key, () => issuedAtMs).verify(token)).toBeUndefined();
});

function signed(claims: JWTPayload): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(secret));
}
