import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { fromBinary } from "@bufbuild/protobuf";
import type { NatsConnection } from "@nats-io/transport-node";
import { BotEventSchema, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { redact } from "@resonance/redact";
import { eventually } from "@resonance/testkit";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectNats } from "./testing/connect-nats.ts";
import { openPerson } from "./testing/open-person.ts";
import { openTestStack, type TestStack } from "./testing/open-test-stack.ts";

let stack: TestStack;
let nats: NatsConnection;
let db: Connection;
const published: { topic: string; msgId: bigint; content: string }[] = [];

beforeAll(async () => {
  stack = await openTestStack();
  db = await createConnection({
    uri: stack.mysqlUrl,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  nats = await connectNats(stack.natsUrl);
  for (const schema of [BotEventSchema, PushEventSchema]) {
    nats.subscribe(topicOf(schema), {
      callback: (_error, { subject, data }) => {
        const { msgId, content } = fromBinary(schema, data);
        published.push({ topic: subject, msgId, content });
      },
    });
  }
}, 120_000);
afterAll(async () => {
  await db?.end();
  await nats?.close();
  await stack?.[Symbol.asyncDispose]();
});

async function logLines(service: string): Promise<{ time: string; msg: string }[]> {
  const text = await readFile(join(stack.home, "logs", `${service}.log`), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** Lines of the answer's log block, as the log's own time of day and message. */
function shownLines(answer: string): string[] {
  const block = /```[a-z]*\n([\s\S]*?)```/.exec(answer)?.[1] ?? "";
  return block.split("\n").filter((line) => line.trim() !== "");
}

/** A question from the terminal, with what it prints. */
async function ask(question: string, environment: NodeJS.ProcessEnv = {}) {
  const run = promisify(execFile);
  const script = join(import.meta.dirname, "../packages/stack/src/ask.ts");
  const { stdout, stderr } = await run(process.execPath, [script, question], {
    env: { ...process.env, RESONANCE_HOME: stack.home, ...environment },
  });
  return { stdout, stderr };
}

async function countSince(msgId: bigint, minutes: number): Promise<number> {
  // An id holds its time: the window that the answer names, counted by somebody else.
  const untilMs = (msgId >> 22n) + 1n;
  const fromMs = untilMs - BigInt(minutes * 60_000);
  const [rows] = await db.query<RowDataPacket[]>(
    "SELECT COUNT(*) AS messages FROM t_message_content WHERE msg_id >= ? AND msg_id < ?",
    [(fromMs << 22n).toString(), (untilMs << 22n).toString()],
  );
  return Number(rows[0]?.messages);
}

test("「帮我查看 Gateway 的日志」 is answered with lines that are in the gateway's log", async () => {
  await using alice = await openPerson(stack.url, { username: "alice" });

  const { answer } = await alice.ask("帮我查看 Gateway 的日志");

  const shown = shownLines(answer.content);
  expect(shown.length).toBeGreaterThan(0);
  const real = await logLines("gateway");
  for (const line of shown) {
    const found = real.some(
      ({ time, msg }) => line.includes(time.slice(11, 23)) && line.includes(msg),
    );
    expect(found, `not in the log: ${line}`).toBe(true);
  }
  expect(answer).toMatchObject({
    fromUsername: "ops-bot",
    type: "text",
    sessionId: alice.botSession,
  });
});

test("the question is one BotEvent and no PushEvent, the answer one PushEvent, and both are stored", async () => {
  await using bob = await openPerson(stack.url, { username: "bob" });

  const { msgId, answer } = await bob.ask("/help");

  const of = (id: bigint) =>
    published.filter((event) => event.msgId === id).map(({ topic }) => topic);
  await eventually(() => expect(of(answer.msgId)).toEqual(["resonance.push.event.v1"]));
  expect(of(msgId)).toEqual(["resonance.bot.event.v1"]);
  const [rows] = await db.query<RowDataPacket[]>(
    "SELECT sender_username AS sender, seq_id AS seqId FROM t_message_content WHERE session_id = ? ORDER BY seq_id",
    [bob.botSession],
  );
  expect(rows).toMatchObject([
    { sender: "ops-bot", seqId: "1" },
    { sender: "bob", seqId: "2" },
    { sender: "ops-bot", seqId: "3" },
  ]);
});

test("the asker sees that the bot is on it before the answer comes", async () => {
  await using person = await openPerson(stack.url, { username: "watcher" });

  const { msgId } = await person.ask("show the gateway's logs");

  expect(person.progress.filter(({ refMsgId }) => refMsgId === msgId)).not.toEqual([]);
});

test("how many messages were sent is answered with the true number, in both languages", async () => {
  await using carol = await openPerson(stack.url, { username: "carol" });

  const english = await carol.ask("how many messages were sent in the last 5 minutes");
  const chinese = await carol.ask("最近5分钟发了多少条消息");

  for (const { msgId, answer } of [english, chinese]) {
    const [, total] = /\*\*(\d+)\*\*/.exec(answer.content) ?? [];
    expect(Number(total), answer.content).toBe(await countSince(msgId, 5));
  }
});

test("a question asked while the bot is dead is answered when it is back", async () => {
  await using dave = await openPerson(stack.url, { username: "dave" });
  await stack.services.bot.stop(AbortSignal.timeout(30_000));

  const asked = dave.ask("/help");
  await eventually(async () => {
    const [rows] = await db.query<RowDataPacket[]>(
      "SELECT msg_id FROM t_message_content WHERE session_id = ? AND sender_username = 'dave'",
      [dave.botSession],
    );
    expect(rows).toHaveLength(1);
  });
  await stack.services.bot.start(AbortSignal.timeout(30_000));

  expect((await asked).answer.fromUsername).toBe("ops-bot");
});

test("npm run ask prints the answer, and the progress elsewhere, in Chinese and in English", async () => {
  const chinese = await ask("帮我查看 Gateway 的日志");
  const english = await ask("show the gateway's logs");

  for (const { stdout, stderr } of [chinese, english]) {
    expect(shownLines(stdout).length).toBeGreaterThan(0);
    expect(stderr).not.toBe("");
  }
  expect(chinese.stdout).toMatch(/日志/);
  expect(english.stdout).not.toMatch(/日志/);
});

test("npm run ask fails with a reason where nothing runs", async () => {
  const failure = ask("/help", { RESONANCE_HOME: "/nowhere/at/all" });

  await expect(failure).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/npm start/),
  });
});

test("what one device sends appears once on the sender's other devices", async () => {
  await using phone = await openPerson(stack.url, { username: "erin" });
  await using laptop = await openPerson(stack.url, { username: "erin", isNew: false });

  const { msgId, answer } = await phone.ask("/help");

  await eventually(
    () => {
      const seen = laptop.messages.map((message) => message.msgId);
      expect(seen).toContain(answer.msgId);
      expect(seen.filter((id) => id === msgId)).toHaveLength(1);
    },
    { timeoutMs: 20_000 },
  );
  expect(phone.messages.filter((message) => message.msgId === msgId)).toHaveLength(1);
});

test("a service that is killed is started again, and the crash is said", async () => {
  const { pid } = stack.services.task;
  if (pid === undefined) throw new Error("task has no process");

  process.kill(pid, "SIGKILL");

  await eventually(
    () => {
      expect(stack.services.task).toMatchObject({ state: "running", restarts: 1 });
      expect(stack.services.task.pid).not.toBe(pid);
    },
    { timeoutMs: 20_000 },
  );
  expect(stack.events.map(({ kind }) => kind)).toContain("service_crashed");
  await using frank = await openPerson(stack.url, { username: "frank" });
  expect((await frank.ask("/help")).answer.fromUsername).toBe("ops-bot");
});

test("no token, password or secret is in any log", async () => {
  await using grace = await openPerson(stack.url, { username: "grace" });
  await grace.ask("/help");

  for (const service of ["gateway", "logic", "task", "bot"]) {
    const text = await readFile(join(stack.home, "logs", `${service}.log`), "utf8");
    expect(text).not.toContain(grace.token);
    expect(text).not.toContain(stack.adminPassword);
    expect(text).not.toContain("a good password");
  }
});

test("of what the stack itself writes into its logs, the redaction leaves 98 in 100 lines alone", async () => {
  const folder = join(stack.home, "logs");
  const texts = await Promise.all(
    (await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")),
  );
  const lines = texts.flatMap((text) => text.split("\n")).filter((line) => line.trim() !== "");

  const altered = lines.filter((line) => redact(line).text !== line);

  expect(lines.length).toBeGreaterThan(50);
  expect(altered.length, altered.slice(0, 20).join("\n")).toBeLessThanOrEqual(lines.length * 0.02);
});
