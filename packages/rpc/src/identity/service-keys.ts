import { createPublicKey, generateKeyPairSync } from "node:crypto";
import type { JSONWebKeySet, JWK } from "jose";
import type { ServiceName } from "./service-name.ts";

/** A new private key for a service: Ed25519, PKCS #8 PEM. */
export function makeServiceKey(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

/** What servers are given: the public half of each caller's key, as a JWK set. */
export function publicKeysOf(keys: Readonly<Partial<Record<ServiceName, string>>>): JSONWebKeySet {
  return {
    keys: Object.entries(keys).map(([service, pem]): JWK => {
      const { kty, crv, x } = createPublicKey(pem).export({ format: "jwk" });
      if (kty !== "OKP" || crv !== "Ed25519" || x === undefined) {
        throw new TypeError(`the key of ${service} is not an Ed25519 key`);
      }
      return { kty, crv, x, kid: service, alg: "EdDSA", use: "sig" };
    }),
  };
}
