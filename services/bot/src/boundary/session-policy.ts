import type { BrainPort } from "../brain/model-port.ts";

/**
 * What of a session may leave the house: everything but secrets (`cloud`), nothing that names a
 * machine, an address or an account (`pseudonyms`), or nothing at all (`local`).
 */
export type DataPolicy = "cloud" | "pseudonyms" | "local";

export const dataPolicies = ["cloud", "pseudonyms", "local"] as const satisfies DataPolicy[];

/** Whether a brain is told other names than the true ones. A brain in the house gets those. */
export function usesPseudonyms(policy: DataPolicy, { reach }: Pick<BrainPort, "reach">): boolean {
  return reach === "cloud" && policy !== "cloud";
}
