import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { NatsConnection } from "@nats-io/transport-node";
import {
  BotEventSchema,
  DeliverySchema,
  PresenceEventSchema,
  PushEventSchema,
  TypingEventSchema,
  topicOf,
} from "@resonance/mq-proto";
import { eventually } from "@resonance/testkit";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectNats } from "./testing/connect-nats.ts";
import { openPerson } from "./testing/open-person.ts";
import { openTestStack, type TestStack } from "./testing/open-test-stack.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await openTestStack();
}, 120_000);
afterAll(() => stack?.[Symbol.asyncDispose](), 60_000);

function secret(name: string): Promise<string> {
  return readFile(join(stack.home, "secrets", name), "utf8").then((text) => text.trim());
}

/** Whether the server lets this account do it. */
async function may(url: string, statement: string): Promise<boolean> {
  const connection = await createConnection({ uri: url });
  try {
    await connection.query(statement);
    return true;
  } catch (error) {
    // 1142: on a table, 1143: on a column, 1044 and 1045: at all, 1419: no trigger of anybody's.
    if ([1142, 1143, 1044, 1045, 1419].includes((error as { errno: number }).errno)) return false;
    throw error;
  } finally {
    connection.destroy();
  }
}

test("the private database knows nobody without a password", async () => {
  const url = new URL(stack.mysqlUrl);
  url.password = "";

  await expect(createConnection({ uri: url.href })).rejects.toMatchObject({ errno: 1045 });
});

test("Task's account does Task's work and nothing else", async () => {
  const url = await secret("mysql-task-url");

  expect(await may(url, "SELECT username, is_bot FROM t_user LIMIT 1")).toBe(true);
  expect(await may(url, "SELECT password FROM t_user LIMIT 1")).toBe(false);
  expect(await may(url, "SELECT content FROM t_message_content LIMIT 1")).toBe(false);
  expect(await may(url, "UPDATE t_user SET role = 'admin'")).toBe(false);
  expect(await may(url, "DELETE FROM t_inbox")).toBe(false);
});

test("the bot's account reads no password and no message, and makes nobody an admin", async () => {
  const url = await secret("mysql-bot-url");

  expect(await may(url, "SELECT username, role FROM t_user LIMIT 1")).toBe(true);
  expect(await may(url, "SELECT password FROM t_user LIMIT 1")).toBe(false);
  expect(await may(url, "SELECT content FROM t_message_content LIMIT 1")).toBe(false);
  expect(await may(url, "UPDATE t_user SET role = 'admin'")).toBe(false);
  expect(await may(url, "INSERT INTO t_message_content (msg_id) VALUES (1)")).toBe(false);
});

test.each(["logic", "task", "bot"])(
  "the account of %s adds to the record at most",
  async (name) => {
    const url = await secret(`mysql-${name}-url`);
    const columns = "(seq, at_ms, kind, actor, details, previous_hash, hash)";
    const row = "(-1, 0, 'question', 'x', '{}', '', '')";

    expect(await may(url, "SELECT seq FROM t_audit LIMIT 1")).toBe(name !== "task");
    for (const statement of [
      "UPDATE t_audit SET actor = 'x'",
      "UPDATE t_audit SET actor = 'x' WHERE seq = 1",
      "DELETE FROM t_audit",
      "DELETE FROM t_audit WHERE seq = 1",
      `REPLACE INTO t_audit ${columns} VALUES ${row}`,
      `INSERT INTO t_audit ${columns} VALUES ${row} ON DUPLICATE KEY UPDATE actor = 'x'`,
      "TRUNCATE TABLE t_audit",
      "DROP TABLE t_audit",
      "ALTER TABLE t_audit ADD COLUMN x INT",
      "RENAME TABLE t_audit TO t_audit_aside",
      "CREATE TRIGGER x BEFORE INSERT ON t_audit FOR EACH ROW SET NEW.actor = 'x'",
      "CREATE OR REPLACE VIEW x AS SELECT seq FROM t_audit",
    ]) {
      expect(await may(url, statement), statement).toBe(false);
    }
  },
);

test("an order about people is Logic's to settle, not the bot's", async () => {
  const url = await secret("mysql-bot-url");

  expect(await may(url, "SELECT msg_id FROM t_people_command")).toBe(false);
  expect(await may(url, "DELETE FROM t_people_command")).toBe(false);
});

test("no account of a service changes the tables themselves", async () => {
  for (const name of ["logic", "task", "bot"]) {
    expect(await may(await secret(`mysql-${name}-url`), "DROP TABLE t_inbox")).toBe(false);
    expect(await may(await secret(`mysql-${name}-url`), "CREATE TABLE x (id INT)")).toBe(false);
  }
});

test("the private NATS lets nobody in without an account", async () => {
  const { host } = new URL(stack.natsUrl);

  await expect(connectNats(`nats://${host}`)).rejects.toThrow(/authorization/i);
});

/** Whether NATS takes a message of this account, or says that it may not. */
async function mayPublish(connection: NatsConnection, subject: string): Promise<boolean> {
  connection.publish(subject, "x");
  const refused = (async () => {
    for await (const { type } of connection.status()) if (type === "error") return false;
    throw new Error("the connection was closed");
  })();
  // It ends with the connection, when nobody waits for it any more.
  refused.catch(() => undefined);
  // The server answers the ping after it has looked at what came before.
  const passed = connection
    .flush()
    .then(() => connection.flush())
    .then(() => true);
  return await Promise.race([refused, passed]);
}

test.each([
  ["gateway", topicOf(PushEventSchema), false],
  ["gateway", topicOf(BotEventSchema), false],
  ["gateway", `${topicOf(DeliverySchema)}.another`, false],
  ["gateway", "$JS.API.STREAM.DELETE.RESONANCE", false],
  ["gateway", topicOf(TypingEventSchema), true],
  ["gateway", topicOf(PresenceEventSchema), false],
  ["bot", topicOf(TypingEventSchema), false],
  ["bot", topicOf(PushEventSchema), false],
  ["bot", topicOf(BotEventSchema), false],
  ["bot", `${topicOf(DeliverySchema)}.another`, false],
  ["bot", "$JS.API.STREAM.PURGE.RESONANCE", false],
  ["bot", "$JS.API.CONSUMER.DELETE.RESONANCE.task", false],
  ["task", topicOf(BotEventSchema), false],
  ["task", `${topicOf(DeliverySchema)}.another`, true],
  ["bot", "$JS.API.STREAM.DELETE.RESONANCE", false],
  ["task", "$JS.API.STREAM.DELETE.RESONANCE", false],
  // Logic makes the stream, and may delete it to make it whole; what is in it is for its consumers.
  ["logic", "$JS.API.STREAM.PURGE.RESONANCE", false],
] as const)("the account of %s on %s: %s", async (user, subject, allowed) => {
  const connection = await connectNats(await secret(`nats-${user}-url`));

  expect(await mayPublish(connection, subject)).toBe(allowed);
  await connection.close();
});

test("nobody but Task and the gateways hears deliveries, and nobody but the bot its questions", async () => {
  for (const [user, subject] of [
    ["bot", `${topicOf(DeliverySchema)}.*`],
    ["logic", `${topicOf(DeliverySchema)}.*`],
    ["gateway", topicOf(BotEventSchema)],
    ["task", "_INBOX_bot.>"],
    ["bot", ">"],
  ] as const) {
    const connection = await connectNats(await secret(`nats-${user}-url`));
    const refused = new Promise((resolve) => {
      connection.subscribe(subject, { callback: (error) => resolve(error) });
    });
    expect(String(await refused), `${user} on ${subject}`).toMatch(/permissions violation/i);
    await connection.close();
  }
});

test("with these rights everything works: a question is answered, a message delivered", async () => {
  await using alice = await openPerson(stack.url, { username: "alice" });
  await using bob = await openPerson(stack.url, { username: "bob" });

  expect((await alice.ask("/help")).answer.content).toContain("/logs");
  await alice.chat.send({ sessionId: "0", content: "are you there?" }, AbortSignal.timeout(10_000));
  await eventually(() => bob.messages.some(({ content }) => content === "are you there?"));
});

test("what holds a secret is its owner's alone", async () => {
  for (const name of ["mysql-root-password", "nats-operator-password", "nats-bot-url"]) {
    expect((await stat(join(stack.home, "secrets", name))).mode & 0o777).toBe(0o600);
  }
  expect((await stat(join(stack.home, "run", "nats.conf"))).mode & 0o777).toBe(0o600);
});
