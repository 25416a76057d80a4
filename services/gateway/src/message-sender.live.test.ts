import { ChatError, createLogger } from "@resonance/kit";
import type { DeliveryItem } from "@resonance/mq-proto";
import {
  ChatService,
  MessageBatchService,
  type SendMessagesRequest,
} from "@resonance/mq-proto/logic";
import {
  implement,
  openRpcClient,
  openRpcServer,
  type ServiceImplementation,
} from "@resonance/rpc";
import { eventually } from "@resonance/testkit";
import { expect, test, vi } from "vitest";
import { MessageSender } from "./message-sender.ts";
import type { DeliveryReceiver } from "./message-stream.ts";
import { type BatchResponse, serveBatches } from "./testing/serve-batches.ts";

const log = createLogger("sender-test", "silent");
const never = new AbortController().signal;

async function openSender(
  service: ServiceImplementation,
  options: { renewAfterMs?: number; receiver?: DeliveryReceiver } = {},
) {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(
    await openRpcServer({
      listen: { host: "127.0.0.1", port: 0 },
      services: [service],
      callers: "anybody",
      log,
    }),
  );
  const address = `127.0.0.1:${server.port}`;
  const clients = {
    batches: stack.use(openRpcClient(MessageBatchService, address)),
    chat: stack.use(openRpcClient(ChatService, address)),
  };
  const sender = stack.use(new MessageSender({ ...clients, ...options }));
  const send = (content: string, { signal = never, timeoutMs = 5_000 } = {}) =>
    sender.sendMessage({ content }, signal, { timeoutMs, traceId: content });
  const closing = stack.move();
  return { send, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

/** Answers each batch by itself. `calls` holds the messages of each call. */
function answering(
  answer: (request: SendMessagesRequest) => AsyncIterable<BatchResponse>,
  calls: string[][] = [],
): ServiceImplementation {
  return implement(MessageBatchService, {
    async sendMessages(exchange) {
      const call: string[] = [];
      calls.push(call);
      await serveBatches(exchange, (request) => {
        call.push(...request.messages.map(({ traceId }) => traceId));
        return answer(request);
      });
    },
  });
}

/** The msg_id that the test's Logic gives a message. */
const idOf = (content: string) => BigInt(content.length);

function answersTo({ messages }: SendMessagesRequest, which: (content: string) => boolean) {
  return messages.flatMap(({ request }, index) => {
    const content = request?.content ?? "";
    return which(content) ? [{ index, response: { msgId: idOf(content) } }] : [];
  });
}

test("what is sent in one turn is one call, and each message gets its own answer", async () => {
  const calls: string[][] = [];
  await using sender = await openSender(
    answering(async function* (request) {
      calls.push(request.messages.map(({ traceId }) => traceId));
      // In the other order.
      yield { answers: answersTo(request, () => true).toReversed() };
    }),
  );

  const answers = await Promise.all(["a", "bb", "ccc"].map((content) => sender.send(content)));
  const later = await sender.send("dddd");

  expect([...answers, later].map(({ msgId }) => msgId)).toEqual([1n, 2n, 3n, 4n]);
  expect(calls).toEqual([["a", "bb", "ccc"], ["dddd"]]);
});

test("a message that is not settled yet holds up none of its call, and no later call", async () => {
  const gate = Promise.withResolvers<void>();
  await using sender = await openSender(
    answering(async function* (request) {
      yield { answers: answersTo(request, (content) => content !== "locked") };
      if (!request.messages.some(({ traceId }) => traceId === "locked")) return;
      await gate.promise;
      yield { answers: answersTo(request, (content) => content === "locked") };
    }),
  );

  const locked = sender.send("locked");
  const others = [await sender.send("a"), await sender.send("bb")];
  gate.resolve();

  expect(others.map(({ msgId }) => msgId)).toEqual([1n, 2n]);
  expect(await locked).toMatchObject({ msgId: idOf("locked") });
});

test("when a call breaks, those without an answer fail with its error and the others do not", async () => {
  await using sender = await openSender(
    answering(async function* (request) {
      yield { answers: answersTo(request, (content) => content === "a") };
      throw new Error("crash");
    }),
  );

  const outcomes = await Promise.allSettled([sender.send("a"), sender.send("bb")]);

  expect(outcomes).toMatchObject([
    { status: "fulfilled", value: { msgId: 1n } },
    { status: "rejected", reason: { code: "internal" } },
  ]);
});

test("an answer that never comes is an error in time, and the next messages take another call", async () => {
  const calls: string[][] = [];
  const service = answering(async function* (request) {
    yield { answers: answersTo(request, (content) => content !== "silence") };
  }, calls);
  await using sender = await openSender(service);

  const outcomes = await Promise.allSettled([
    sender.send("silence", { timeoutMs: 50 }),
    sender.send("a", { timeoutMs: 50 }),
  ]);
  await sender.send("bb");

  expect(outcomes).toMatchObject([
    { status: "rejected", reason: { code: "deadline_exceeded" } },
    { status: "fulfilled" },
  ]);
  expect(calls).toEqual([["silence", "a"], ["bb"]]);
});

test("a call is renewed after its time, so that other instances get their share", async () => {
  const calls: string[][] = [];
  const service = answering(async function* (request) {
    yield { answers: answersTo(request, () => true) };
  }, calls);
  await using sender = await openSender(service, { renewAfterMs: 0 });

  await sender.send("a");
  await sender.send("bb");

  expect(calls).toEqual([["a"], ["bb"]]);
});

test("who gives up is let go at once, and his neighbours are answered", async () => {
  const gate = Promise.withResolvers<void>();
  await using sender = await openSender(
    answering(async function* (request) {
      await gate.promise;
      yield { answers: answersTo(request, () => true) };
    }),
  );
  const abort = new AbortController();
  const [left, stays] = [sender.send("a", { signal: abort.signal }), sender.send("bb")];

  abort.abort(new Error("gone"));

  await expect(left).rejects.toThrow("gone");
  gate.resolve();
  expect(await stays).toMatchObject({ msgId: 2n });
});

test("a call holds only as much as gRPC takes", async () => {
  const calls: number[] = [];
  await using sender = await openSender(
    answering(async function* (request) {
      calls.push(request.messages.length);
      yield { answers: answersTo(request, () => true) };
    }),
  );
  const longest = "汉".repeat(21_666);

  const sent = Array.from({ length: 100 }, () => sender.send(longest));

  await expect(Promise.all(sent)).resolves.toHaveLength(100);
  expect(calls.length).toBeGreaterThan(2);
});

test("a Logic that knows no batches gets one call a message", async () => {
  const sends: string[] = [];
  await using sender = await openSender(
    implement(ChatService, {
      sendMessage: async ({ content }) => {
        sends.push(content);
        return { msgId: idOf(content) };
      },
    }),
  );

  const answers = await Promise.all([sender.send("a"), sender.send("bb")]);
  const later = await sender.send("ccc");

  expect([...answers, later].map(({ msgId }) => msgId)).toEqual([1n, 2n, 3n]);
  expect(sends).toEqual(["a", "bb", "ccc"]);
});

test("a call says first whose it is, and brings what is to be delivered", async () => {
  const named: string[] = [];
  const delivered: string[] = [];
  const receiver = {
    gatewayId: "g1",
    deliver: (items: readonly DeliveryItem[]) =>
      void delivered.push(...items.flatMap(({ toUsernames }) => toUsernames)),
    broken: () => undefined,
  };
  await using sender = await openSender(
    answering(async function* (request) {
      named.push(request.gatewayId);
      yield { delivery: { items: [{ toUsernames: ["bob", "carol"] }] } };
      yield { answers: answersTo(request, () => true) };
    }),
    { receiver },
  );

  await sender.send("a");

  expect(named).toEqual(["g1", ""]);
  expect(delivered).toEqual(["bob", "carol", "bob", "carol"]);
});

test("a call that breaks before anything has come is told of, for something was on its way", async () => {
  const broken = vi.fn();
  await using sender = await openSender(
    implement(MessageBatchService, {
      sendMessages: () => Promise.reject(new ChatError("internal", "the call has ended")),
    }),
    { receiver: { gatewayId: "g1", deliver: () => undefined, broken } },
  );

  await expect(sender.send("a")).rejects.toBeInstanceOf(ChatError);

  expect(broken).toHaveBeenCalledOnce();
});

test("a Logic that knows no such calls delivers nothing over them, and breaks none", async () => {
  const broken = vi.fn();
  await using sender = await openSender(
    implement(ChatService, { sendMessage: async ({ content }) => ({ msgId: idOf(content) }) }),
    { receiver: { gatewayId: "g1", deliver: () => undefined, broken } },
  );

  await sender.send("a");

  expect(broken).not.toHaveBeenCalled();
});

test("Logic is told soon how much has come to be delivered, and before a call is left", async () => {
  const told: number[][] = [];
  const receiver = { gatewayId: "g1", deliver: () => undefined, broken: () => undefined };
  await using sender = await openSender(
    implement(MessageBatchService, {
      async sendMessages({ requests, respond }) {
        const call: number[] = [];
        told.push(call);
        for await (const request of requests) {
          if (request.deliveries !== undefined) call.push(request.deliveries);
          if (request.messages.length === 0) continue;
          for (const name of ["bob", "carol"]) {
            await respond({ delivery: { items: [{ toUsernames: [name] }] } });
          }
          await respond({ batch: request.batch, answers: answersTo(request, () => true) });
        }
      },
    }),
    { renewAfterMs: 0, receiver },
  );

  await sender.send("leaves its call to the next");
  await sender.send("stays");

  await eventually(() =>
    expect(told).toEqual([
      [0, 2],
      [0, 2],
    ]),
  );
});
