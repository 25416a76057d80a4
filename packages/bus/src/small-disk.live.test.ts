import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@resonance/kit";
import { PushEventSchema, topicOf } from "@resonance/mq-proto";
import { freePort } from "@resonance/testkit";
import { expect, test } from "vitest";
import { streamName } from "./declare.ts";
import { openBus } from "./open-bus.ts";

const log = createLogger("small-disk-test", "silent");

/** A nats-server that may take so much of its disk. */
async function openSmallNats(megabytes: number): Promise<AsyncDisposable & { url: string }> {
  const home = await mkdtemp(join(tmpdir(), "resonance-small-"));
  const port = await freePort();
  const config = join(home, "nats.conf");
  const storage = `jetstream { store_dir: "${home}/store", max_file_store: ${megabytes}MB }`;
  await writeFile(config, `listen: "127.0.0.1:${port}"\n${storage}\n`);
  const server = spawn(process.env.TEST_NATS_SERVER || "nats-server", ["-c", config], {
    stdio: "ignore",
  });
  const closed = once(server, "close");
  return {
    url: `nats://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.kill("SIGKILL");
      await closed;
      await rm(home, { recursive: true, force: true });
    },
  };
}

test("a server with little room gets a smaller stream, and whoever comes later agrees", async () => {
  await using nats = await openSmallNats(300);
  await using first = openBus({ url: nats.url, name: "first", log });
  await first.ready();
  await using second = openBus({ url: nats.url, name: "second", log });
  await second.ready();

  const { config } = await (await second.manager()).streams.info(streamName);
  const { seq } = await second.publishStored(topicOf(PushEventSchema), new Uint8Array([1]), "1");

  expect(config.max_bytes).toBe(256 * 1024 ** 2);
  expect(seq).toBe(1);
});

test("a server with next to no room is a failure to start", async () => {
  await using nats = await openSmallNats(10);
  await using bus = openBus({ url: nats.url, name: "first", log });

  await expect(bus.ready()).rejects.toThrow("insufficient storage");
});
