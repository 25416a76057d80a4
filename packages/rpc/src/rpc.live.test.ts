import { ChatError, createLogger } from "@resonance/kit";
import { AuthService, ChatService, MessageBatchService } from "@resonance/mq-proto/logic";
import { expect, test } from "vitest";
import { type CallContext, implement } from "./implement.ts";
import { openRpcClient } from "./open-rpc-client.ts";
import { openRpcServer } from "./open-rpc-server.ts";
import { isUnknownRpc } from "./status.ts";

const log = createLogger("rpc-test", "silent");
const never = new AbortController().signal;

type Send = (content: string, context: CallContext) => Promise<{ msgId: bigint }>;

async function openChat(send: Send) {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(
    await openRpcServer({
      listen: { host: "127.0.0.1", port: 0 },
      services: [
        implement(ChatService, {
          sendMessage: (request, context) => send(request.content, context),
        }),
      ],
      callers: "anybody",
      log,
    }),
  );
  const client = stack.use(openRpcClient(ChatService, `127.0.0.1:${server.port}`));
  const closing = stack.move();
  return { server, client, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

test("a call carries its request, its trace id and its 64-bit answer", async () => {
  const seen: (string | undefined)[] = [];
  await using chat = await openChat(async (content, { traceId }) => {
    seen.push(content, traceId);
    return { msgId: 7421152536297500675n };
  });

  const answer = await chat.client.sendMessage({ content: "你好👋" }, never, { traceId: "t1" });

  expect(answer.msgId).toBe(7421152536297500675n);
  expect(seen).toEqual(["你好👋", "t1"]);
});

test("an answer as large as a page of the longest messages arrives", async () => {
  const error = "汉".repeat(2_200_000);
  await using server = await openRpcServer({
    listen: { host: "127.0.0.1", port: 0 },
    services: [implement(ChatService, { sendMessage: async () => ({ error }) })],
    callers: "anybody",
    log,
  });
  await using client = openRpcClient(ChatService, `127.0.0.1:${server.port}`);

  const answer = await client.sendMessage({}, never);

  expect(answer.error).toHaveLength(error.length);
});

test("a ChatError arrives with its code, reason and limit", async () => {
  await using chat = await openChat(async () => {
    throw new ChatError("invalid_argument", "too long", { reason: "message_too_long", limit: 5 });
  });

  await expect(chat.client.sendMessage({}, never)).rejects.toMatchObject({
    name: "ChatError",
    code: "invalid_argument",
    message: "too long",
    reason: "message_too_long",
    limit: 5,
  });
});

test("an unknown error says nothing of itself to the caller", async () => {
  await using chat = await openChat(async () => {
    throw new Error("password=secret at 10.0.0.1");
  });

  await expect(chat.client.sendMessage({}, never)).rejects.toMatchObject({
    code: "internal",
    message: "internal error",
  });
});

test("a call ends at its deadline, and the server learns of it", async () => {
  const aborted = Promise.withResolvers<void>();
  await using chat = await openChat(async (_content, { signal }) => {
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve());
    });
    aborted.resolve();
    return { msgId: 0n };
  });

  await expect(chat.client.sendMessage({}, never, { timeoutMs: 50 })).rejects.toMatchObject({
    code: "deadline_exceeded",
    reason: "timed_out",
  });
  await aborted.promise;
});

test("a caller who gives up gets his own reason", async () => {
  await using chat = await openChat(() => new Promise(() => undefined));
  const abort = new AbortController();

  const call = chat.client.sendMessage({}, abort.signal);
  abort.abort(new Error("changed my mind"));

  await expect(call).rejects.toThrow("changed my mind");
});

test("a server that is not there is unavailable at once, and found when it comes", async () => {
  const first = await openChat(async () => ({ msgId: 1n }));
  const { port } = first.server;
  await first[Symbol.asyncDispose]();
  await using client = openRpcClient(ChatService, `127.0.0.1:${port}`);
  await expect(client.sendMessage({}, never)).rejects.toMatchObject({ code: "unavailable" });

  await using _server = await openRpcServer({
    listen: { host: "127.0.0.1", port },
    services: [implement(ChatService, { sendMessage: async () => ({ msgId: 2n }) })],
    callers: "anybody",
    log,
  });

  await expect
    .poll(() => client.sendMessage({}, never).catch(() => undefined), { timeout: 5_000 })
    .toMatchObject({ msgId: 2n });
});

test("of several addresses each is used, and one that is gone is not", async () => {
  const one = await openChat(async () => ({ msgId: 1n }));
  await using two = await openChat(async () => ({ msgId: 2n }));
  const addresses = [one, two].map(({ server }) => `127.0.0.1:${server.port}`);
  await using client = openRpcClient(ChatService, `ipv4:${addresses.join(",")}`);
  const answersOf = async (calls: number) => {
    const answers = new Set<bigint>();
    for (let call = 0; call < calls; call++) {
      answers.add((await client.sendMessage({}, never)).msgId);
    }
    return [...answers].toSorted();
  };

  await expect.poll(() => answersOf(4)).toEqual([1n, 2n]);
  await one[Symbol.asyncDispose]();
  await expect.poll(() => answersOf(4).catch(() => undefined)).toEqual([2n]);
});

test("closing lets a running call finish", async () => {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const chat = await openChat(async () => {
    begun.resolve();
    await gate.promise;
    return { msgId: 3n };
  });
  const call = chat.client.sendMessage({}, never);
  await begun.promise;

  const closing = chat.server[Symbol.asyncDispose]();
  gate.resolve();

  expect(await call).toMatchObject({ msgId: 3n });
  await closing;
  await chat[Symbol.asyncDispose]();
});

test("a service without a function for an RPC does not start", async () => {
  // What a plain JavaScript caller can do and the types forbid.
  const incomplete = implement(AuthService, {} as never);

  const opening = openRpcServer({
    listen: { host: "127.0.0.1", port: 0 },
    services: [incomplete],
    callers: "anybody",
    log,
  });

  await expect(opening).rejects.toThrow("AuthService.Login has no handler");
});

test("an address that is taken is named", async () => {
  await using chat = await openChat(async () => ({ msgId: 0n }));

  const second = openRpcServer({
    listen: { host: "127.0.0.1", port: chat.server.port },
    services: [],
    callers: "anybody",
    log,
  });

  await expect(second).rejects.toThrow(`cannot listen on 127.0.0.1:${chat.server.port}`);
});

/** A server whose streaming RPC yields what the test says. */
test("an RPC that the server does not know is told from one that fails", async () => {
  await using chat = await openChat(async () => {
    throw new Error("broken");
  });
  await using batches = openRpcClient(MessageBatchService, `127.0.0.1:${chat.server.port}`);

  const unknown = await batches
    .sendMessages(never)
    .answers[Symbol.asyncIterator]()
    .next()
    .catch((error: unknown) => error);
  const failed = await chat.client.sendMessage({}, never).catch((error: unknown) => error);

  expect([isUnknownRpc(unknown), isUnknownRpc(failed)]).toEqual([true, false]);
});
