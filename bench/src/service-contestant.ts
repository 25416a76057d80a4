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

/**
 * A process that serves ChatService by gRPC, called as the gateway calls it. Its processor profile
 * goes into `profileFolder`.
 */
export function serviceContestant(
  name: string,
  entry: string,
  ground: Ground,
  profileFolder?: string,
): Contestant {
  const keys = makeTestServiceKeys();
  return {
    name,
    async open(signal) {
      const address = `127.0.0.1:${await freePort()}`;
      const child = fork(entry, {
        env: {
          RESONANCE_MYSQL_URL: ground.mysqlUrl,
          RESONANCE_NATS_URL: ground.natsUrl,
          RESONANCE_LOGIC_LISTEN: address,
          RESONANCE_AUTH_SECRET_KEY: "a secret of thirty-two bytes, or more",
          RESONANCE_LOG_LEVEL: "warn",
          ...keys.settingsOf("logic"),
        },
        execArgv:
          profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`],
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      await once(child, "message", { signal });
      await using stack = new AsyncDisposableStack();
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
        async [Symbol.asyncDispose]() {
          await closing.disposeAsync();
          child.kill("SIGTERM");
          await once(child, "exit");
        },
      };
    },
  };
}
