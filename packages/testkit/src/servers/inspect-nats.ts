import { connect } from "@nats-io/transport-node";

/**
 * Asks a server for its version and whether JetStream is on. `url` may be a list with commas, and
 * the first may hold `user:password@`.
 */
export async function inspectNats(
  url: string,
  timeoutMs: number,
): Promise<{ version: string; hasJetStream: boolean }> {
  const urls = url.split(",").map((each) => new URL(each));
  const { username = "", password = "" } = urls[0] ?? {};
  const connection = await connect({
    servers: urls.map(({ protocol, host }) => `${protocol}//${host}`),
    timeout: timeoutMs,
    reconnect: false,
    ...(username === "" ? {} : { user: decodeURIComponent(username) }),
    ...(password === "" ? {} : { pass: decodeURIComponent(password) }),
  });
  try {
    return {
      version: connection.info?.version ?? "unknown",
      hasJetStream: connection.info?.jetstream === true,
    };
  } finally {
    await connection.close();
  }
}
