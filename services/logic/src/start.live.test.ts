import { openBus } from "@resonance/bus";
import { createLogger } from "@resonance/kit";
import { migrate } from "@resonance/migrations";
import { BotEventSchema, topicOf } from "@resonance/mq-proto";
import {
  AuthService,
  ChatService,
  DeadLetterService,
  PeopleService,
  RunPeopleCommandResponse_Outcome,
  SessionService,
  StatsService,
} from "@resonance/mq-proto/logic";
import { openRpcClient, openServiceCredential, type ServiceName } from "@resonance/rpc";
import { makeTestServiceKeys } from "@resonance/rpc/testing";
import { freePort } from "@resonance/testkit";
import { openTestDatabase, openTestNats } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { start } from "./start.ts";

const log = createLogger("logic-test", "silent");

test("a started Logic serves its RPCs, and its metrics name what went wrong", async () => {
  const signal = AbortSignal.timeout(30_000);
  await using database = await openTestDatabase();
  await migrate({ url: database.url, signal });
  await using nats = await openTestNats();
  const [port, metricsPort] = [await freePort(), await freePort()];
  const keys = makeTestServiceKeys();
  const environment = {
    RESONANCE_MYSQL_URL: database.url,
    RESONANCE_NATS_URL: nats.url,
    RESONANCE_LOGIC_LISTEN: `127.0.0.1:${port}`,
    RESONANCE_METRICS_LISTEN: `127.0.0.1:${metricsPort}`,
    RESONANCE_AUTH_SECRET_KEY: "a secret of thirty-two bytes, or more",
    ...keys.settingsOf("logic"),
  };
  await using _logic = await start({ environment, log, signal });
  const address = `127.0.0.1:${port}`;
  const gateway = openServiceCredential("gateway", "logic", keys.keys.gateway);
  const bot = openServiceCredential("bot", "logic", keys.keys.bot);
  await using auth = openRpcClient(AuthService, address, gateway);
  await using chat = openRpcClient(ChatService, address, gateway);
  await using sessions = openRpcClient(SessionService, address, gateway);
  await using letters = openRpcClient(DeadLetterService, address, bot);

  await auth.register({ username: "alice", password: "password" }, signal);
  await chat.sendMessage({ sessionId: "0", fromUsername: "alice", content: "hi" }, signal);
  const { events } = await sessions.pullInboxDelta({ username: "alice" }, signal);
  const topic = topicOf(BotEventSchema);
  const letter = { topic, payload: new Uint8Array(700_000), cause: "no event", deliveryCount: 1 };
  const { id } = await letters.recordDeadLetter(letter, signal);

  expect(events.map(({ message }) => message?.content)).toContain("hi");
  expect(id).toBe(1n);
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  expect(metrics).toMatch(/^resonance_logic_publish_failures_total\{.*\} 0$/m);
  expect(metrics).toMatch(/^resonance_logic_events_reopened_total\{.*\} \d+$/m);
  expect(metrics).toMatch(/^resonance_logic_dead_letters_total\{.*\} 1$/m);
});

test("each service may do its own and nothing else, and nobody without a key anything", async () => {
  const signal = AbortSignal.timeout(30_000);
  await using database = await openTestDatabase();
  await migrate({ url: database.url, signal });
  await using nats = await openTestNats();
  const port = await freePort();
  const keys = makeTestServiceKeys();
  const environment = {
    RESONANCE_MYSQL_URL: database.url,
    RESONANCE_NATS_URL: nats.url,
    RESONANCE_LOGIC_LISTEN: `127.0.0.1:${port}`,
    RESONANCE_AUTH_SECRET_KEY: "a secret of thirty-two bytes, or more",
    ...keys.settingsOf("logic"),
  };
  await using _logic = await start({ environment, log, signal });
  await using clients = new AsyncDisposableStack();
  const as = (service: ServiceName | undefined) => {
    const address = `127.0.0.1:${port}`;
    const credential = service && openServiceCredential(service, "logic", keys.keys[service]);
    return {
      auth: clients.use(openRpcClient(AuthService, address, credential)),
      chat: clients.use(openRpcClient(ChatService, address, credential)),
      people: clients.use(openRpcClient(PeopleService, address, credential)),
      sessions: clients.use(openRpcClient(SessionService, address, credential)),
      stats: clients.use(openRpcClient(StatsService, address, credential)),
    };
  };
  const [gateway, bot, task, nobody] = [as("gateway"), as("bot"), as("task"), as(undefined)];
  const opsMcp = as("ops-mcp");
  await gateway.auth.register({ username: "alice", password: "password" }, signal);
  const say = (from: typeof gateway, fromUsername: string) =>
    from.chat.sendMessage(
      { sessionId: "single:alice:ops-bot", fromUsername, content: "hi" },
      signal,
    );
  const history = (from: typeof gateway, username: string) =>
    from.sessions.getHistoryMessages({ sessionId: "single:alice:ops-bot", username }, signal);
  const notAllowed = { code: "permission_denied", reason: "not_allowed" };

  // In the other's name.
  expect(await say(gateway, "ops-bot")).toMatchObject({ msgId: 0n, errorReason: "not_allowed" });
  expect(await say(bot, "alice")).toMatchObject({ msgId: 0n, errorReason: "not_allowed" });
  await expect(history(bot, "alice")).rejects.toMatchObject(notAllowed);
  // The other's calls.
  await expect(gateway.stats.countMessages({}, signal)).rejects.toMatchObject(notAllowed);
  await expect(
    bot.auth.login({ username: "alice", password: "password" }, signal),
  ).rejects.toMatchObject(notAllowed);
  await expect(bot.sessions.searchUser({ query: "a" }, signal)).rejects.toMatchObject(notAllowed);
  for (const from of [gateway, task, opsMcp]) {
    await expect(from.people.runPeopleCommand({ msgId: 1n }, signal)).rejects.toMatchObject(
      notAllowed,
    );
  }
  await expect(say(task, "alice")).rejects.toMatchObject(notAllowed);
  await expect(say(opsMcp, "alice")).rejects.toMatchObject(notAllowed);
  await expect(history(opsMcp, "alice")).rejects.toMatchObject(notAllowed);
  // Nobody's.
  for (const call of [
    say(nobody, "alice"),
    say(nobody, "ops-bot"),
    history(nobody, "alice"),
    nobody.auth.login({ username: "alice", password: "password" }, signal),
    nobody.stats.countMessages({}, signal),
  ]) {
    await expect(call).rejects.toMatchObject({ code: "unauthenticated" });
  }
  // And their own.
  await opsMcp.stats.countMessages({ untilMs: 1n, buckets: 1 }, signal);
  expect(await say(gateway, "alice")).toMatchObject({ error: "" });
  expect(await say(bot, "ops-bot")).toMatchObject({ error: "" });
  const order = {
    sessionId: "single:alice:ops-bot",
    fromUsername: "alice",
    content: "/users list",
  };
  const { msgId } = await gateway.chat.sendMessage(order, signal);
  expect(await bot.people.runPeopleCommand({ msgId }, signal)).toMatchObject({
    outcome: RunPeopleCommandResponse_Outcome.NOT_ADMIN,
  });
  const { messages } = await history(bot, "ops-bot");
  expect(messages.slice(1).map(({ fromUsername }) => fromUsername)).toEqual([
    "alice",
    "ops-bot",
    "alice",
  ]);
});

test("Logic does not start on a stream that somebody has made otherwise", async () => {
  const signal = AbortSignal.timeout(30_000);
  await using database = await openTestDatabase();
  await migrate({ url: database.url, signal });
  await using nats = await openTestNats();
  await using bus = openBus({ url: nats.url, name: "other", log });
  const manager = await bus.ready().then(() => bus.manager());
  await manager.streams.delete("RESONANCE");
  // The retention of a stream cannot be changed.
  const subjects = [topicOf(BotEventSchema)];
  await manager.streams.add({ name: "RESONANCE", subjects, retention: "limits" });
  const environment = {
    RESONANCE_MYSQL_URL: database.url,
    RESONANCE_NATS_URL: nats.url,
    RESONANCE_LOGIC_LISTEN: "127.0.0.1:0",
    RESONANCE_AUTH_SECRET_KEY: "a secret of thirty-two bytes, or more",
    ...makeTestServiceKeys().settingsOf("logic"),
  };

  await expect(start({ environment, log, signal })).rejects.toThrow(/retention/);
});

test("bad settings are named all at once", async () => {
  const environment = { RESONANCE_MYSQL_URL: "postgres://x", RESONANCE_MYSQL_POOL_SIZE: "0" };

  const starting = start({ environment, log, signal: AbortSignal.timeout(30_000) });

  const names = ["MYSQL_URL", "NATS_URL", "AUTH_SECRET_KEY", "SERVICE_KEYS", "POOL_SIZE"];
  await expect(starting).rejects.toThrow(new RegExp(names.join(".*"), "s"));
});
