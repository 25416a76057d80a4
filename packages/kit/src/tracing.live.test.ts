import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { createLogger } from "./log.ts";
import { openTracing, spanIdOf, traceIdOf } from "./tracing.ts";

const log = createLogger("test", "silent");
const span = { traceOf: 7n, name: "bot.run", startMs: Date.now(), attributes: {} } as const;

test("without a collector there is no tracing at all", async () => {
  expect(await openTracing("bot", {}, log)).toBeUndefined();
  expect(await openTracing("bot", { OTEL_EXPORTER_OTLP_ENDPOINT: "" }, log)).toBeUndefined();
});

test("ids are those of the message, in the form of W3C", () => {
  expect(traceIdOf(7n)).toMatch(/^[0-9a-f]{32}$/);
  expect(traceIdOf(7n)).not.toBe(traceIdOf(8n));
  expect(spanIdOf(7n, "run")).toMatch(/^[0-9a-f]{16}$/);
  expect(spanIdOf(7n, "run")).not.toBe(spanIdOf(7n, "answer"));
});

test.each(["refuses", "swallows"])(
  "a collector that %s everything costs spans and no shutdown",
  async (what) => {
    await using server = await openDeaf(what === "refuses");
    const tracing = await openTracing("bot", { OTEL_EXPORTER_OTLP_ENDPOINT: server.url }, log);
    if (!tracing) throw new Error("no tracing");
    tracing.record({ ...span, key: "run", failure: "busy" });
    tracing.record({ ...span, parent: "run", endMs: span.startMs - 5_000 });

    const before = performance.now();
    await tracing[Symbol.asyncDispose]();

    expect(performance.now() - before).toBeLessThan(5_000);
  },
);

/** Takes connections, and closes them or says nothing. */
async function openDeaf(refuses: boolean): Promise<AsyncDisposable & { readonly url: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    if (refuses) socket.destroy();
    else sockets.add(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // listen() on a port gives an AddressInfo, never a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
