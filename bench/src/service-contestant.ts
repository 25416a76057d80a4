import { fork } from "node:child_process";
import { once } from "node:events";
import { MessageSender } from "@resonance/gateway/message-sender";
import { ChatError } from "@resonance/kit";
import { ChatService, MessageBatchService } from "@resonance/mq-proto/logic";
import { openRpcClient, openServiceCredential } from "@resonance/rpc";
import { makeTestServiceKeys } from "@resonance/rpc/testing";
import { freePort } from "@resonance/testkit";
import type { Contestant } from "./contestant.ts";
import type { Ground } from "./ground.ts";

export type ServiceOptions = {
  /** Where the processor profile of the one that serves goes. */
  readonly profileFolder?: string | undefined;
  /** The entry of Task, where the inbox rows of messages are to be written meanwhile. */
  readonly task?: string;
};

/** A process that serves ChatService by gRPC, called as the gateway calls it. */
export function serviceContestant(
  name: string,
  entry: string,
  ground: Ground,
  { profileFolder, task }: ServiceOptions = {},
): Contestant {
  const keys = makeTestServiceKeys();
  return {
    name,
    async open(signal) {
      const address = `127.0.0.1:${await freePort()}`;
      await using stack = new AsyncDisposableStack();
      const start = async (service: "logic" | "task", path: string, execArgv: string[]) => {
        const child = fork(path, {
          env: {
            RESONANCE_MYSQL_URL: ground.mysqlUrl,
            RESONANCE_NATS_URL: ground.natsUrl,
            RESONANCE_LOGIC_LISTEN: address,
            RESONANCE_AUTH_SECRET_KEY: "a secret of thirty-two bytes, or more",
            RESONANCE_LOG_LEVEL: "warn",
            ...keys.settingsOf(service),
          },
          execArgv,
          stdio: ["ignore", "inherit", "inherit", "ipc"],
        });
        stack.defer(async () => {
          child.kill("SIGTERM");
          await once(child, "exit");
        });
        await once(child, "message", { signal });
      };
      const profiled =
        profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`];
      await start("logic", entry, profiled);
      if (task !== undefined) await start("task", task, []);
      const credential = openServiceCredential("gateway", "logic", keys.keys.gateway);
      // The gateway's own sender, which falls back to one call a message for the baseline.
      const client = new MessageSender({
        batches: stack.use(openRpcClient(MessageBatchService, address, credential)),
        chat: stack.use(openRpcClient(ChatService, address, credential)),
      });
      const closing = stack.move();
      return {
        async send({ sessionId, sender, count }) {
          const request = {
            sessionId,
            fromUsername: sender,
            content: `message ${count} of a length that people write in a chat`,
            clientMsgId: `${process.pid}:${count}`,
          };
          const { error } = await client.sendMessage(request, signal, { timeoutMs: 30_000 });
          if (error !== "") throw new ChatError("internal", error);
        },
        [Symbol.asyncDispose]: () => closing.disposeAsync(),
      };
    },
  };
}
