import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { openBus } from "@resonance/bus";
import { ChatError, createLogger } from "@resonance/kit";
import { PushEventSchema, topicOf } from "@resonance/mq-proto";
import { ChatService } from "@resonance/mq-proto/logic";
import { openRpcClient, openServiceCredential } from "@resonance/rpc";
import { makeTestServiceKeys } from "@resonance/rpc/testing";
import { freePort } from "@resonance/testkit";
import type { Ground } from "../ground.ts";

/** Logic, Task and the bot as processes, seen as the gateway sees them. */
export type System = AsyncDisposable & {
  /** Stores a message; resolves when it is acknowledged. */
  send(sessionId: string, sender: string): Promise<void>;
  /** Has a listener told of each message, as soon as it is on the bus, until what it gives is called. */
  listen(listener: Listener): () => void;
};

type Listener = (message: { readonly sessionId: string; readonly sender: string }) => void;

/** Unique over all systems of this process. */
let count = 0;

/** A system whose bot asks the model at this address, and leaves a processor profile if told where. */
export async function openSystem(
  ground: Ground,
  { modelUrl, profileFolder }: { modelUrl: string; profileFolder: string | undefined },
  signal: AbortSignal,
): Promise<System> {
  await using stack = new AsyncDisposableStack();
  const keys = makeTestServiceKeys();
  const address = `127.0.0.1:${await freePort()}`;
  const common = {
    RESONANCE_MYSQL_URL: ground.mysqlUrl,
    RESONANCE_NATS_URL: ground.natsUrl,
    RESONANCE_LOGIC_ADDRESS: address,
    RESONANCE_LOG_LEVEL: "error",
  };
  const start = async (name: "logic" | "task" | "bot", settings: Record<string, string>) => {
    const entry = join(import.meta.dirname, `../../../services/${name}/src/main.ts`);
    const env = { ...common, ...settings, ...keys.settingsOf(name) };
    const isProfiled = name === "bot" && profileFolder !== undefined;
    const execArgv = isProfiled ? ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`] : [];
    const child = fork(entry, { env, execArgv, stdio: ["ignore", "inherit", "inherit", "ipc"] });
    stack.defer(() => stop(child));
    await once(child, "message", { signal });
  };
  await start("logic", {
    RESONANCE_LOGIC_LISTEN: address,
    RESONANCE_AUTH_SECRET_KEY: "a secret of thirty-two bytes, or more",
  });
  await start("task", {});
  await start("bot", {
    RESONANCE_BRAIN: "openai-compatible",
    RESONANCE_MODEL: "scripted",
    RESONANCE_MODEL_URL: modelUrl,
    RESONANCE_BOT_CONCURRENCY: "1000",
    RESONANCE_MODEL_FIRST_TOKEN_MS: "240000",
    RESONANCE_BOT_DEADLINE_MS: "240000",
  });
  const credential = openServiceCredential("gateway", "logic", keys.keys.gateway);
  const chat = stack.use(openRpcClient(ChatService, address, credential));
  const log = createLogger("bench", "error");
  const bus = stack.use(openBus({ url: ground.natsUrl, name: "bench", log, declares: false }));
  const listeners = new Set<Listener>();
  stack.use(
    bus.subscribe(topicOf(PushEventSchema), (payload) => {
      const { sessionId, fromUsername } = fromBinary(PushEventSchema, payload);
      for (const listener of listeners) listener({ sessionId, sender: fromUsername });
    }),
  );
  await (await bus.connected()).flush();
  const closing = stack.move();
  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async send(sessionId, sender) {
      count += 1;
      const request = {
        sessionId,
        fromUsername: sender,
        content: `question ${count}: how is the gateway doing?`,
        clientMsgId: `bot-bench:${process.pid}:${count}`,
      };
      const { error } = await chat.sendMessage(request, signal, { timeoutMs: 30_000 });
      if (error !== "") throw new ChatError("internal", error);
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
