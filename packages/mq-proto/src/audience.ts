import { parseUsername, type Username } from "./ids.ts";

/** That a user is connected to a gateway. */
export type Route = { readonly username: Username; readonly gatewayId: string };

/** Who is to get a message. */
export type Audience = {
  /** The people whose inboxes get a row. */
  readonly owners: readonly Username[];
  /** Where they were connected at some time after the message was committed. */
  readonly routes: readonly Route[];
};

/**
 * The NATS header of a PushEvent that names its audience, where Logic knows it. Whoever connects
 * later has the message from the history; without the header Task asks the database.
 */
export const audienceHeader = "Resonance-Audience";

/** An audience as the header's value: one line, however odd the names. */
export function formatAudience({ owners, routes }: Audience): string {
  return JSON.stringify([owners, routes.map(({ username, gatewayId }) => [username, gatewayId])]);
}

/** @throws TypeError for anything but what `formatAudience` gives. */
export function parseAudience(value: string): Audience {
  const [owners, routes] = tuple(JSON.parse(value));
  return {
    owners: list(owners).map((owner) => parseUsername(text(owner))),
    routes: list(routes).map((route) => {
      const [username, gatewayId] = tuple(route);
      return { username: parseUsername(text(username)), gatewayId: text(gatewayId) };
    }),
  };
}

function tuple(value: unknown): [unknown, unknown] {
  const [first, second, ...more] = list(value);
  if (second === undefined || more.length > 0) throw new TypeError("not an audience");
  return [first, second];
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError("not an audience");
  return value;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("not an audience");
  return value;
}
