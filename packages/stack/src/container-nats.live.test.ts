import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { busUsers, natsAuthorization, openBus } from "@resonance/bus";
import { createLogger } from "@resonance/kit";
import { BotEventSchema, topicOf } from "@resonance/mq-proto";
import { containerNatsConfig, eventually, findProgram } from "@resonance/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";

const program = findProgram(["nats-server"], process.env);
const log = createLogger("container-test", "silent");
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "resonance-container-nats-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** The server of this machine on the file that a container is given, but for where its store is. */
async function openContainersNats(): Promise<AsyncDisposable & { readonly host: string }> {
  const { file, command } = containerNatsConfig({
    // A server of 2.9, which the image is not, does not know what makes it durable.
    durability: "fast",
    access: {
      mysqlRootPassword: "",
      nats: {
        authorization: natsAuthorization((user) => `password of ${user}`),
        user: "operator",
        password: "password of operator",
      },
    },
  });
  const config = join(folder, "nats.conf");
  const content = file.content.replace('"/data"', JSON.stringify(folder));
  await writeFile(config, content, { mode: file.mode });
  const args = command.map((word) => (word === file.target ? config : word));
  const here = ["-a", "127.0.0.1", "-p", "-1", "--ports_file_dir", folder];
  const child = spawn(program ?? "", [...args, ...here], { stdio: "ignore" });
  const ended = once(child, "exit");
  const host = await eventually(async () => {
    const ports = (await readdir(folder)).find((name) => name.endsWith(".ports"));
    const { nats } = JSON.parse(await readFile(join(folder, ports ?? "none"), "utf8"));
    return new URL(nats[0]).host;
  });
  return {
    host,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
    },
  };
}

/** What the server says to somebody who connects in this way. */
async function answerTo(host: string, credentials: object): Promise<string> {
  const [name = "", port] = host.split(":");
  const socket = connect(Number(port), name);
  let heard = "";
  socket.on("data", (bytes) => {
    heard += bytes;
  });
  socket.write(`CONNECT ${JSON.stringify({ verbose: false, ...credentials })}\r\nPING\r\n`);
  await eventually(() => /PONG|-ERR/.test(heard));
  socket.destroy();
  return heard;
}

test.skipIf(program === undefined)(
  "a container's NATS lets nobody in without an account",
  async () => {
    await using nats = await openContainersNats();

    expect(await answerTo(nats.host, {})).toContain("Authorization Violation");
    expect(await answerTo(nats.host, { user: "bot", pass: "guessed" })).toContain("-ERR");
    for (const user of busUsers) {
      expect(await answerTo(nats.host, { user, pass: `password of ${user}` })).toContain("PONG");
    }
  },
);

test.skipIf(program === undefined)(
  "a container's NATS has the rights of each account",
  async () => {
    await using nats = await openContainersNats();
    const busOf = (user: "logic" | "bot") =>
      openBus({ url: `nats://${user}:password%20of%20${user}@${nats.host}`, name: user, log });
    await using logic = busOf("logic");
    await logic.ready();
    const topic = topicOf(BotEventSchema);

    await logic.publishStored(topic, new Uint8Array([1]), "one");
    await using bot = busOf("bot");
    await bot.connected();
    await expect(bot.publishStored(topic, new Uint8Array([1]), "two")).rejects.toThrow();
  },
);
