import { type Bus, openBus, queueState } from "@resonance/bus";
import { eventually } from "@resonance/testkit";
import { openRestartableNats } from "@resonance/testkit/vitest";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { BotGround, log } from "./testing/bot-ground.ts";

let ground: BotGround;

beforeAll(async () => {
  ground = await BotGround.open();
});
beforeEach(() => ground.reset());
afterAll(() => ground[Symbol.asyncDispose]());

async function consumersOf(bus: Bus): Promise<string[]> {
  return (await queueState(bus))?.consumers.map(({ name }) => name) ?? [];
}

test("a bot that is started has its consumer declared", async () => {
  await ground.openBot();

  expect(await consumersOf(ground.bus)).toEqual(["bot"]);
});

test("a bot starts without NATS, and has its consumer declared when that comes", async () => {
  await using nats = await openRestartableNats();
  await nats.stop();
  await using _bot = await ground.openBot(undefined, { RESONANCE_NATS_URL: nats.url });

  await nats.start();

  await using bus = openBus({ url: nats.url, name: "test", log });
  await bus.ready();
  await eventually(async () => expect(await consumersOf(bus)).toEqual(["bot"]), {
    timeoutMs: 10_000,
  });
});
