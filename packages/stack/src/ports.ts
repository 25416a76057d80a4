import { createServer } from "node:net";
import { freePort } from "@resonance/testkit";
import { StartError } from "./start-error.ts";

/**
 * Checks that the page can be served on this port: on 127.0.0.1, and that nobody has it on ::1,
 * where a browser looks first for "localhost".
 *
 * @throws StartError `port_taken`, `port_forbidden`
 */
export async function assertHttpPortFree(port: number, signal: AbortSignal): Promise<void> {
  for (const host of ["127.0.0.1", "::1"]) {
    const refusal = await tryListen(host, port);
    if (refusal === "EACCES") throw new StartError({ kind: "port_forbidden", port });
    if (refusal !== "EADDRINUSE") continue;
    const byResonance = await answersAsResonance(port, signal);
    throw new StartError({
      kind: "port_taken",
      port,
      freePort: await freePortAfter(port),
      byResonance,
    });
  }
}

/** Returns the error's code, or undefined if the port can be listened on. */
async function tryListen(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

async function freePortAfter(taken: number): Promise<number> {
  for (let port = taken + 1; port < Math.min(taken + 100, 65_536); port++) {
    if ((await tryListen("127.0.0.1", port)) === undefined) return port;
  }
  return await freePort();
}

async function answersAsResonance(port: number, signal: AbortSignal): Promise<boolean> {
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(500)]);
    const response = await fetch(`http://localhost:${port}/`, { signal: patience });
    return /<title>[^<]*Resonance/i.test(await response.text());
  } catch {
    // Whatever it is, it does not speak HTTP: the sentence for any program fits.
    signal.throwIfAborted();
    return false;
  }
}
