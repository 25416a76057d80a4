import { openBus, queueState } from "@resonance/bus";
import { createLogger } from "@resonance/kit";
import { migrate } from "@resonance/migrations";
import { eventually } from "@resonance/testkit";
import { openRestartableNats, openTestDatabase } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { start } from "./start.ts";

const log = createLogger("late-nats-test", "silent");

async function openStart() {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await openTestDatabase());
  const signal = AbortSignal.timeout(60_000);
  await migrate({ url: database.url, signal });
  const nats = stack.use(await openRestartableNats());
  const bus = stack.use(openBus({ url: nats.url, name: "test", log }));
  await bus.ready();
  const environment = { RESONANCE_MYSQL_URL: database.url, RESONANCE_NATS_URL: nats.url };
  const closing = stack.move();
  return {
    nats,
    bus,
    start: () => start({ environment, log, signal }),
    consumers: async () => (await queueState(bus))?.consumers.map(({ name }) => name),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

test("a Task that is started has its consumer declared", async () => {
  await using starting = await openStart();

  await using _task = await starting.start();

  expect(await starting.consumers()).toEqual(["task"]);
});

test("a Task that is started before NATS is there is started with its consumer when that comes", async () => {
  await using starting = await openStart();
  await starting.nats.stop();
  const task = starting.start();

  await starting.nats.start();

  await using _task = await task;
  await eventually(() => expect(starting.bus.isConnected()).toBe(true));
  expect(await starting.consumers()).toEqual(["task"]);
});
