import { createLocalJWKSet, type JSONWebKeySet } from "jose";
import { z } from "zod";
import { parsePrivateKey } from "./service-credential.ts";
import { isServiceName, type ServiceName } from "./service-name.ts";

/** The setting RESONANCE_SERVICE_KEY: this service's private key. */
export const serviceKey = z.string().superRefine((value, context) => {
  try {
    parsePrivateKey(value);
  } catch {
    context.addIssue({ code: "custom", message: "must be an Ed25519 private key in PEM" });
  }
});

/** The setting RESONANCE_SERVICE_KEYS: the public keys of the services that may call this one. */
export const serviceKeys = z.string().transform((value, context): JSONWebKeySet => {
  try {
    // createLocalJWKSet checks the shape.
    const keys: JSONWebKeySet = JSON.parse(value);
    createLocalJWKSet(keys);
    if (keys.keys.every(({ kid }) => isServiceName(kid))) return keys;
  } catch {
    // Said below, for each way not to be one.
  }
  context.addIssue({
    code: "custom",
    message: "must be a JWK set whose kids are logic, gateway, task, bot or ops-mcp",
  });
  return z.NEVER;
});

/**
 * The setting RESONANCE_CALLERS_WITHOUT_KEY: who a call without a token is taken for. For a Gateway
 * or Task of the Go system, which has none; only where nobody else can reach the port.
 */
export const callersWithoutKey = z.enum(["gateway", "task"] satisfies ServiceName[]).optional();
