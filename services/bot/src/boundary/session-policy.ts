import type { BrainPort } from "../brain/model-port.ts";

/**
 * What of a session may leave the house: everything but secrets (`cloud`), nothing that names a
 * machine, an address or an account (`pseudonyms`), or nothing at all (`local`). From the least
 * strict to the strictest.
 */
export const dataPolicies = ["cloud", "pseudonyms", "local"] as const;

export type DataPolicy = (typeof dataPolicies)[number];

/** Whether a brain is told other names than the true ones. A brain in the house gets those. */
export function usesPseudonyms(policy: DataPolicy, { reach }: Pick<BrainPort, "reach">): boolean {
  return reach === "cloud" && policy !== "cloud";
}

export function isStricter(one: DataPolicy, other: DataPolicy): boolean {
  return dataPolicies.indexOf(one) > dataPolicies.indexOf(other);
}
