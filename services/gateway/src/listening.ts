import { ConfigError, type ListenAddress } from "@resonance/kit";

/**
 * Opens what listens on the address that a variable gives.
 *
 * @throws ConfigError that names the port and the variable, when the address cannot be had.
 */
export async function listening<Server>(
  variable: string,
  listen: ListenAddress,
  open: (listen: ListenAddress) => Promise<Server>,
): Promise<Server> {
  try {
    return await open(listen);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const problem = message.includes("EADDRINUSE")
      ? `port ${listen.port} on ${listen.host} is taken by another process`
      : `cannot listen on ${listen.host}:${listen.port}: ${message}`;
    throw new ConfigError(`${problem}; set ${variable} to another host:port`);
  }
}
