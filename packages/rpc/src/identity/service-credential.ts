import { createPrivateKey, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import type { ServiceName } from "./service-name.ts";

/** How long a token holds; a new one is made when half of that is over. */
const lifetimeMs = 10 * 60_000;

/** Proves to one service which service calls. */
export type ServiceCredential = {
  /** A token that holds for minutes yet. */
  token(): Promise<string>;
};

/**
 * The credential of `service` towards `audience`, made with its private key (PKCS #8 PEM, Ed25519).
 *
 * @throws TypeError when the key is no such key.
 */
export function openServiceCredential(
  service: ServiceName,
  audience: ServiceName,
  privateKeyPem: string,
  nowMs: () => number = Date.now,
): ServiceCredential {
  const key = parsePrivateKey(privateKeyPem);
  let current: { readonly token: Promise<string>; readonly renewAtMs: number } | undefined;
  return {
    token() {
      const now = nowMs();
      if (current && now < current.renewAtMs) return current.token;
      const issuedAt = Math.floor(now / 1_000);
      const token = new SignJWT()
        .setProtectedHeader({ alg: "EdDSA", kid: service })
        .setIssuer(service)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeMs / 1_000)
        .sign(key);
      current = { token, renewAtMs: now + lifetimeMs / 2 };
      return token;
    },
  };
}

/** @throws TypeError */
export function parsePrivateKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // Said below, without the text of a key.
  }
  throw new TypeError("a service key is an Ed25519 private key in PKCS #8 PEM");
}
