import { connect, type NatsConnection } from "@nats-io/transport-node";

/** Connects with the account of the URL, which the client takes from nowhere by itself. */
export async function connectNats(natsUrl: string): Promise<NatsConnection> {
  const { username, password, host } = new URL(natsUrl);
  return await connect({
    servers: host,
    ...(username === ""
      ? {}
      : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
  });
}
