import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";

/** A TCP port of loopback that nobody has; see `freePorts`. */
export async function freePort(): Promise<number> {
  const { port } = await freePorts(["port"]);
  return port;
}

/**
 * TCP ports of 127.0.0.1 that nobody has, all different. They lie outside the range from which the
 * kernel gives ports to outgoing connections and to servers on port 0, so that a service which is
 * started on one, or started again, does not find it taken by a passer-by. Another caller of this
 * function may still choose the same one before it is used: by chance, one time in thousands.
 *
 * @throws Error when a hundred tries find none.
 */
export async function freePorts<Name extends string>(
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const held: Server[] = [];
  try {
    const ports: [Name, number][] = [];
    for (const name of names) {
      const { server, port } = await holdFreePort();
      held.push(server);
      ports.push([name, port]);
    }
    // fromEntries forgets the key type; the keys are exactly `names`.
    return Object.fromEntries(ports) as Record<Name, number>;
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

const lowest = 10_000;
const tries = 100;

async function holdFreePort(): Promise<{ server: Server; port: number }> {
  const end = Math.max(firstPassingPort(), lowest + 1_000);
  for (let attempt = 1; ; attempt++) {
    const port = randomInt(lowest, end);
    const server = createServer();
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host: "127.0.0.1", port, exclusive: true }, resolve);
      });
      return { server, port };
    } catch (error) {
      if (attempt === tries) throw error;
    }
  }
}

/** Where the kernel's own range begins; 32768 where Linux does not say otherwise. */
function firstPassingPort(): number {
  try {
    const range = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8");
    return Number.parseInt(range, 10) || 32_768;
  } catch {
    // Not Linux: macOS begins at 49152.
    return 32_768;
  }
}
