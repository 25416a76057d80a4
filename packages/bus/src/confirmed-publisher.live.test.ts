import type { NatsConnection } from "@nats-io/transport-node";
import { createLogger } from "@resonance/kit";
import { BotEventSchema, topicOf } from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { openTestNats } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { ConfirmedPublisher } from "./confirmed-publisher.ts";
import { streamName } from "./declare.ts";
import { openBus } from "./open-bus.ts";

const log = createLogger("publisher-test", "silent");
const topic = topicOf(BotEventSchema);
const timeoutMs = 5_000;

/** A stream, and what is published to it: by id, and whether a confirmation is asked for. */
async function openStream() {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await openTestNats());
  const bus = stack.use(openBus({ url: nats.url, name: "test", log }));
  await bus.ready();
  const connection = await bus.connected();
  const seen: string[] = [];
  connection.subscribe(topic, {
    callback: (_error, { headers, reply }) =>
      void seen.push(`${headers?.get("Nats-Msg-Id")}${reply ? " with an answer" : ""}`),
  });
  const manager = await bus.manager();
  const closing = stack.move();
  return {
    bus,
    connection,
    seen,
    async stored(): Promise<string[]> {
      const { state } = await manager.streams.info(streamName);
      const all = Array.from({ length: state.messages }, (_, index) =>
        manager.streams.getMessage(streamName, { seq: state.first_seq + index }),
      );
      return (await Promise.all(all)).map((message) => message?.header.get("Nats-Msg-Id") ?? "");
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

function messagesOf(ids: readonly string[], payload = new Uint8Array([1])) {
  return ids.map((id) => ({ topic, payload, id }));
}

/** Another publisher, whose message always comes before the one of this id. */
function interrupted(connection: NatsConnection, id: string): NatsConnection {
  return new Proxy(connection, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (typeof value !== "function") return value;
      if (property !== "publish") return value.bind(target);
      const publish: NatsConnection["publish"] = (subject, payload, options) => {
        if (options?.headers?.get("Nats-Msg-Id") === id) target.publish(topic, "somebody else's");
        target.publish(subject, payload, options);
      };
      return publish;
    },
  });
}

test("of many messages the first and the last are confirmed, and all have their place", async () => {
  await using stream = await openStream();
  const publisher = new ConfirmedPublisher(stream.connection, undefined);
  const ids = ["a", "b", "c", "d"];

  expect(await publisher.publishAll(messagesOf(ids), timeoutMs)).toEqual(
    [1, 2, 3, 4].map((seq) => ({ seq, isDuplicate: false })),
  );

  expect(await stream.stored()).toEqual(ids);
  await eventually(() =>
    expect(stream.seen).toEqual(["a with an answer", "b", "c", "d with an answer"]),
  );
});

test.each([
  ["somebody else's message comes between", "c", []],
  ["somebody else's message comes before the last one", "d", []],
  ["the first is there already", "", ["a"]],
  ["one amid them is there already", "", ["b"]],
  ["the last is there already", "", ["d"]],
  ["all are there already", "", ["a", "b", "c", "d"]],
])("where %s, each is confirmed, stored once, and known to be", async (_, before, there) => {
  await using stream = await openStream();
  const connection = interrupted(stream.connection, before);
  const publisher = new ConfirmedPublisher(connection, undefined);
  for (const message of messagesOf(there)) await publisher.publishAll([message], timeoutMs);
  const ids = ["a", "b", "c", "d"];

  const answers = await publisher.publishAll(messagesOf(ids), timeoutMs);

  const stored = await stream.stored();
  expect(answers).toMatchObject(ids.map((id) => ({ seq: stored.indexOf(id) + 1 })));
  expect(stored.filter((id) => id !== "").toSorted()).toEqual(ids);
  // The next ones are not tried as a chain: it lasts while another publisher is there.
  stream.seen.length = 0;
  await publisher.publishAll(messagesOf(["x", "y", "z"]), timeoutMs);
  await eventually(() =>
    expect(stream.seen).toEqual(["x", "y", "z"].map((id) => `${id} with an answer`)),
  );
});

test("one that the stream refuses is refused, and those after it are stored", async () => {
  await using stream = await openStream();
  const manager = await stream.bus.manager();
  await manager.streams.update(streamName, { max_msg_size: 100 });
  const publisher = new ConfirmedPublisher(stream.connection, undefined);
  const [a, b, c, d] = messagesOf(["a", "b", "c", "d"]);
  const large = messagesOf(["large"], new Uint8Array(200));

  const answers = await publisher.publishAll(
    [a, b, ...large, c, d].filter((m) => !!m),
    timeoutMs,
  );

  expect(answers.map((answer) => (answer instanceof Error ? "refused" : answer.seq))).toEqual([
    1,
    2,
    "refused",
    3,
    4,
  ]);
  expect(await stream.stored()).toEqual(["a", "b", "c", "d"]);
});
