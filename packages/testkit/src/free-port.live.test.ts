import { createServer } from "node:net";
import { expect, test } from "vitest";
import { freePort, freePorts } from "./free-port.ts";

test("free ports are all different and can be listened on", async () => {
  const ports = Object.values(await freePorts(["a", "b", "c"]));

  expect(new Set(ports).size).toBe(3);
  for (const port of ports) {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    await new Promise((resolve) => server.close(resolve));
  }
});

test("a free port is none that the kernel would give to a passer-by", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));

  expect(typeof address === "object" && address?.port).toBeGreaterThan(await freePort());
});
