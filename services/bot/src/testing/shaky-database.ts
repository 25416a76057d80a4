import { eventually, freePort } from "@resonance/testkit";
import { openTcpProxy } from "@resonance/testkit/vitest";

export type ShakyDatabase = AsyncDisposable & {
  /** By way of what can be cut. */
  readonly url: string;
  /** Ends all connections, and every other one until several were tried for. Resolves then. */
  outage(): Promise<void>;
};

const triedFor = 8;

/** A way to the database that can be cut for a while. */
export async function openShakyDatabase(mysqlUrl: string): Promise<ShakyDatabase> {
  const url = new URL(mysqlUrl);
  const port = Number(url.port);
  const nobody = await freePort();
  const proxy = await openTcpProxy(port);
  url.port = String(proxy.port);
  return {
    url: url.href,
    async outage() {
      const before = proxy.taken;
      proxy.aim(nobody);
      proxy.cut();
      await eventually(() => proxy.taken >= before + triedFor, { timeoutMs: 60_000 });
      proxy.aim(port);
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}
