import { createLogger } from "@resonance/kit";
import { migrate } from "@resonance/migrations";
import { BotEventSchema, topicOf } from "@resonance/mq-proto";
import {
  AuthService,
  ChatService,
  DeadLetterService,
  SessionService,
} from "@resonance/mq-proto/logic";
import { openRpcClient } from "@resonance/rpc";
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
  const environment = {
    RESONANCE_MYSQL_URL: database.url,
    RESONANCE_NATS_URL: nats.url,
    RESONANCE_LOGIC_LISTEN: `127.0.0.1:${port}`,
    RESONANCE_METRICS_LISTEN: `127.0.0.1:${metricsPort}`,
    RESONANCE_AUTH_SECRET_KEY: "a secret of thirty-two bytes, or more",
  };
  await using _logic = await start({ environment, log, signal });
  const address = `127.0.0.1:${port}`;
  await using auth = openRpcClient(AuthService, address);
  await using chat = openRpcClient(ChatService, address);
  await using sessions = openRpcClient(SessionService, address);
  await using letters = openRpcClient(DeadLetterService, address);

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
