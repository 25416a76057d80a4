import { openBus, streamName } from "@resonance/bus";
import { openDatabase } from "@resonance/db";
import { createLogger } from "@resonance/kit";
import { migrate } from "@resonance/migrations";
import { BotEventSchema, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { AuthService, ChatService } from "@resonance/mq-proto/logic";
import { openRpcClient, openServiceCredential } from "@resonance/rpc";
import { makeTestServiceKeys } from "@resonance/rpc/testing";
import { eventually, freePort } from "@resonance/testkit";
import { openRestartableNats, openTestDatabase } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { start } from "./start.ts";

const quiet = createLogger("late-nats-test", "silent");
const subjects = [PushEventSchema, BotEventSchema].map(topicOf);
const timeoutMs = 20_000;

/** A Logic that has served without NATS, whose server then comes with a stream that keeps one event. */
async function openLateNats(retention: "limits" | "workqueue") {
  await using stack = new AsyncDisposableStack();
  const signal = AbortSignal.timeout(60_000);
  const nats = stack.use(await openRestartableNats());
  const bus = stack.use(openBus({ url: nats.url, name: "hand", log: quiet, declares: false }));
  const manager = await bus.manager();
  await manager.streams.add({
    name: streamName,
    subjects,
    retention,
    max_msgs: 1,
    discard: "old",
  });
  await nats.stop();
  const database = stack.use(await openTestDatabase());
  await migrate({ url: database.url, signal });
  const db = stack.use(openDatabase(database.url));
  const said: string[] = [];
  const log = createLogger("late-nats-test", "silent");
  log.warn = (about: unknown, text?: string) => void said.push(`${text}: ${errorOf(about)}`);
  const port = await freePort();
  const keys = makeTestServiceKeys();
  const environment = {
    RESONANCE_MYSQL_URL: database.url,
    RESONANCE_NATS_URL: nats.url,
    RESONANCE_LOGIC_LISTEN: `127.0.0.1:${port}`,
    RESONANCE_AUTH_SECRET_KEY: "a secret of thirty-two bytes, or more",
    ...keys.settingsOf("logic"),
  };
  stack.use(await start({ environment, log, signal }));
  const credential = openServiceCredential("gateway", "logic", keys.keys.gateway);
  const auth = stack.use(openRpcClient(AuthService, `127.0.0.1:${port}`, credential));
  const chat = stack.use(openRpcClient(ChatService, `127.0.0.1:${port}`, credential));
  await auth.register({ username: "alice", password: "password" }, signal);
  for (const content of ["1", "2", "3"]) {
    await chat.sendMessage({ sessionId: "0", fromUsername: "alice", content }, signal);
  }
  await nats.start();
  const closing = stack.move();
  return {
    said,
    manager,
    /** The state of each event's row: 0 waits, 1 is sent. */
    async statuses() {
      const rows = await db.query<{ status: number }>("SELECT status FROM t_message_outbox");
      return rows.map(({ status }) => status);
    },
    async stored() {
      return (await manager.streams.info(streamName)).state.messages;
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

function errorOf(about: unknown): string {
  return String(typeof about === "object" && about !== null ? Reflect.get(about, "err") : about);
}

test("a stream made with another retention, found after the start, gets nothing, and it is said why", async () => {
  await using late = await openLateNats("limits");
  const refusals = () =>
    late.said.filter((line) => /^cannot check the NATS stream: .*retention/.test(line));

  // Several times: what is due is looked at every second.
  await eventually(() => expect(refusals().length).toBeGreaterThan(3), { timeoutMs });

  const waiting = await late.statuses();
  expect(waiting.length).toBeGreaterThanOrEqual(3);
  expect(new Set(waiting)).toEqual(new Set([0]));
  expect(await late.stored()).toBe(0);

  await late.manager.streams.delete(streamName);

  await eventually(async () => expect(new Set(await late.statuses())).toEqual(new Set([1])), {
    timeoutMs,
  });
  expect(await late.stored()).toBe(waiting.length);
});

test("a stream made with limits, found after the start, loses them before anything is sent", async () => {
  await using late = await openLateNats("workqueue");

  await eventually(async () => expect(new Set(await late.statuses())).toEqual(new Set([1])), {
    timeoutMs,
  });

  expect(await late.stored()).toBe((await late.statuses()).length);
});
