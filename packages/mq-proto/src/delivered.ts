import { parseUsername, type Username } from "./ids.ts";

/**
 * The NATS header of a PushEvent that Logic has delivered to whoever is connected: its value names
 * the people whose inboxes are to get a row. An event without it is for Task to deliver.
 */
export const deliveredHeader = "Resonance-Delivered";

/** These people as the header's value: one line, however odd the names. */
export function formatDelivered(owners: readonly Username[]): string {
  return JSON.stringify(owners);
}

/** @throws TypeError or SyntaxError for anything but what `formatDelivered` gives. */
export function parseDelivered(value: string): Username[] {
  const owners: unknown = JSON.parse(value);
  if (!Array.isArray(owners)) throw new TypeError("not a list of people");
  return owners.map((owner) => {
    if (typeof owner !== "string") throw new TypeError("not a name");
    return parseUsername(owner);
  });
}
