import { createLogger, retry } from "@resonance/kit";
import { PushEventSchema, topicOf } from "@resonance/mq-proto";
import { openTestNats } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { declareStream, streamName } from "./declare.ts";
import { type Bus, openBus } from "./open-bus.ts";

const log = createLogger("declare-test", "silent");
const topic = topicOf(PushEventSchema);

/** nats-server 2.9 shows a stream shortly before it listens to its topics; the outbox asks again, too. */
const untilItListens = { attempts: 20, baseMs: 10, maxMs: 100, retryable: () => true };

test("of processes that start at once on an empty server none deletes what another has published", async () => {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await openTestNats());
  const { signal } = new AbortController();
  const buses = ["one", "two", "three"].map((name) =>
    stack.use(openBus({ url, name, log, declares: false })),
  );
  const managers = await Promise.all(buses.map((bus) => bus.manager()));
  for (let round = 0; round < 20; round++) {
    if (round > 0) await managers[0]?.streams.delete(streamName);

    const publish = async (bus: Bus, index: number) => {
      await declareStream(await bus.manager());
      const id = `${round}:${index}`;
      return await retry(
        () => bus.publishStored(topic, new Uint8Array([index]), id),
        untilItListens,
        signal,
      );
    };
    await Promise.all(buses.map(publish));

    const again = await Promise.all(buses.map(publish));
    expect(again, `round ${round}`).toMatchObject(buses.map(() => ({ isDuplicate: true })));
    const { config } = (await managers[0]?.streams.info(streamName)) ?? {};
    expect(config?.subjects).toContain(topic);
  }
});
