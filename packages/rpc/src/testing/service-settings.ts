import { randomBytes } from "node:crypto";
import { makeServiceKey, publicKeysOf } from "../identity/service-keys.ts";
import { type ServiceName, serviceNames } from "../identity/service-name.ts";

/** New keys for a system of a test or a measurement, and the settings that hand them out. */
export type TestServiceKeys = {
  /** PKCS #8 PEM. */
  readonly keys: Readonly<Record<ServiceName, string>>;
  /** What a service of this name is to find in its environment. */
  settingsOf(service: ServiceName): Record<string, string>;
};

export function makeTestServiceKeys(): TestServiceKeys {
  // fromEntries forgets the key type; the keys are serviceNames.
  const keys = Object.fromEntries(serviceNames.map((name) => [name, makeServiceKey()])) as Record<
    ServiceName,
    string
  >;
  const auditKey = randomBytes(32).toString("base64url");
  const publicKeys = JSON.stringify(publicKeysOf(keys));
  return {
    keys,
    settingsOf: (service) => ({
      RESONANCE_SERVICE_KEY: keys[service],
      RESONANCE_SERVICE_KEYS: publicKeys,
      // Who keeps a record.
      ...(service === "bot" || service === "logic" ? { RESONANCE_AUDIT_KEY: auditKey } : {}),
      // The bot lets whoever has signed in look.
      ...(service === "bot" ? { RESONANCE_BUILT_IN_POLICY: "local" } : {}),
    }),
  };
}
