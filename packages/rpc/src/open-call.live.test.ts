import type { MessageInitShape } from "@bufbuild/protobuf";
import { ChatError, createLogger } from "@resonance/kit";
import {
  MessageBatchService,
  type SendMessagesRequest,
  type SendMessagesResponseSchema,
} from "@resonance/mq-proto/logic";
import { expect, test } from "vitest";
import { type CallContext, type Exchange, implement } from "./implement.ts";
import { openRpcClient } from "./open-rpc-client.ts";
import { openRpcServer } from "./open-rpc-server.ts";

const log = createLogger("rpc-test", "silent");
const never = new AbortController().signal;

type Handle = (
  exchange: Exchange<SendMessagesRequest, MessageInitShape<typeof SendMessagesResponseSchema>>,
  context: CallContext,
) => Promise<void>;

async function openExchange(sendMessages: Handle) {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(
    await openRpcServer({
      listen: { host: "127.0.0.1", port: 0 },
      services: [implement(MessageBatchService, { sendMessages })],
      callers: "anybody",
      log,
    }),
  );
  const client = stack.use(openRpcClient(MessageBatchService, `127.0.0.1:${server.port}`));
  const closing = stack.move();
  return { server, client, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

test("a call that stays open carries messages both ways until both sides are done", async () => {
  await using exchange = await openExchange(async ({ requests, respond }) => {
    for await (const { batch } of requests) await respond({ batch });
    await respond({ goesAway: true });
  });

  const call = exchange.client.sendMessages(never);
  call.send({ batch: 1 });
  const seen: number[] = [];
  for await (const { batch, goesAway } of call.answers) {
    seen.push(batch);
    if (batch === 1) call.send({ batch: 2 });
    if (batch === 2) call.end();
    if (goesAway) seen.push(-1);
  }

  expect(seen).toEqual([1, 2, 0, -1]);
});

test("a call that fails half way gives what it has and its error", async () => {
  await using exchange = await openExchange(async ({ respond }) => {
    await respond({ batch: 1 });
    throw new ChatError("unavailable", "the database is away");
  });
  const seen: number[] = [];

  const reading = (async () => {
    for await (const { batch } of exchange.client.sendMessages(never).answers) seen.push(batch);
  })();

  await expect(reading).rejects.toMatchObject({ code: "unavailable" });
  expect(seen).toEqual([1]);
});

test("the server learns when a caller aborts, and when one stops reading", async () => {
  let cut = 0;
  await using exchange = await openExchange(async ({ respond }, { signal }) => {
    await respond({ batch: 1 });
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    cut += 1;
  });

  const abort = new AbortController();
  for await (const _ of exchange.client.sendMessages(never).answers) break;
  const reading = (async () => {
    for await (const _ of exchange.client.sendMessages(abort.signal).answers) {
      abort.abort(new Error("gone"));
    }
  })();

  await expect(reading).rejects.toThrow("gone");
  await expect.poll(() => cut).toBe(2);
});

test("many answers to one who reads late wait for room, and all arrive", async () => {
  const answers = 2_000;
  await using exchange = await openExchange(async ({ respond }) => {
    await Promise.all(Array.from({ length: answers }, (_, batch) => respond({ batch })));
  });
  const call = exchange.client.sendMessages(never);

  const seen: number[] = [];
  for await (const { batch } of call.answers) seen.push(batch);

  expect(seen).toEqual(Array.from({ length: answers }, (_, batch) => batch));
});

test("a server that stops says so on open calls, and waits for their end", async () => {
  await using exchange = await openExchange(async ({ requests, respond, stopping }) => {
    stopping.addEventListener("abort", () => void respond({ goesAway: true }), { once: true });
    for await (const { batch } of requests) await respond({ batch });
  });
  const call = exchange.client.sendMessages(never);
  call.send({ batch: 1 });

  const seen: number[] = [];
  let stopped: PromiseLike<void> | undefined;
  for await (const { batch, goesAway } of call.answers) {
    if (batch === 1) stopped = exchange.server[Symbol.asyncDispose]();
    if (goesAway) {
      call.send({ batch: 2 });
      call.end();
    } else {
      seen.push(batch);
    }
  }

  await stopped;
  expect(seen).toEqual([1, 2]);
});
