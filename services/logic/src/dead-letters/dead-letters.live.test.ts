import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { create, toBinary } from "@bufbuild/protobuf";
import { BotEventSchema, PushEventSchema, topicOf } from "@resonance/mq-proto";
import { RecordDeadLetterRequestSchema } from "@resonance/mq-proto/logic";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { recordDeadLetter } from "../record-dead-letter.ts";
import { openTestLogic, type TestLogic } from "../test-logic.ts";
import { runDeadLetters, usage } from "./run.ts";

const botTopic = topicOf(BotEventSchema);
const question = toBinary(BotEventSchema, create(BotEventSchema, { content: "why?", msgId: 7n }));

async function record(logic: TestLogic, payload: Uint8Array, topic = botTopic, cause = "no idea") {
  const request = { topic, payload, cause, deliveryCount: 1 };
  const deps = { ...logic.deps, metrics: { deadLetter: () => undefined } };
  return await recordDeadLetter(deps, create(RecordDeadLetterRequestSchema, request));
}

async function command(logic: TestLogic, ...words: string[]) {
  const lines: string[] = [];
  const deps = { db: logic.db, say: (line: string) => lines.push(line) };
  const code = await runDeadLetters(deps, words, logic.signal);
  return { code, text: lines.join("\n") };
}

/** Payloads that are published from now on. */
function published(logic: TestLogic, topic: string): string[] {
  const seen: string[] = [];
  logic.bus.subscribe(topic, (payload) => seen.push(Buffer.from(payload).toString("hex")));
  return seen;
}

test("letters are listed and shown, with what can be read of them", async () => {
  await using logic = await openTestLogic();
  const { id: first } = await record(logic, question);
  const { id: second } = await record(logic, Buffer.from("ff1b5b", "hex"), botTopic, "bad \x1b[2J");

  const { code, text } = await command(logic, "list");
  expect(code).toBe(0);
  expect(text.split("\n")).toEqual([
    expect.stringMatching(new RegExp(`^${second}  .*${botTopic}  1 delivery  bad �\\[2J$`)),
    expect.stringMatching(new RegExp(`^${first}  .*${botTopic}  1 delivery  no idea$`)),
    "2 never replayed, 2 in all",
  ]);
  expect((await command(logic, "show", `${first}`)).text).toContain('"content": "why?"');
  expect((await command(logic, "show", `${second}`)).text).toMatch(/3 bytes\nff1b5b$/);
  expect(await command(logic, "show", "99")).toMatchObject({ code: 1 });
});

test("a replayed letter is published again, every time that it is replayed", async () => {
  await using logic = await openTestLogic();
  const seen = published(logic, botTopic);
  const { id } = await record(logic, question);

  expect(await command(logic, "replay", `${id}`)).toMatchObject({
    code: 0,
    text: expect.stringMatching(/^1 event put back/),
  });
  expect(await command(logic, "replay", `${id}`)).toMatchObject({ code: 0 });

  const hex = Buffer.from(question).toString("hex");
  await eventually(() => expect(seen).toEqual([hex, hex]), { timeoutMs: 10_000 });
  expect((await command(logic, "list")).text).toBe("0 never replayed, 1 in all");
  expect((await command(logic, "list", "--all")).text).toMatch(/ replayed 20\S+Z {2}no idea/);
});

test("replaying all takes those that never were, and skips what is no event by its size", async () => {
  await using logic = await openTestLogic();
  const seen = published(logic, topicOf(PushEventSchema));
  const push = (msgId: bigint) => toBinary(PushEventSchema, create(PushEventSchema, { msgId }));
  const ids: bigint[] = [];
  for (let count = 1n; count <= 120n; count++) {
    ids.push((await record(logic, push(count), topicOf(PushEventSchema))).id ?? 0n);
  }
  const { id: large } = await record(logic, new Uint8Array(900_000));
  await command(logic, "replay", `${ids[0]}`);

  const { code, text } = await command(logic, "replay", "--all");

  expect(code).toBe(1);
  expect(text).toBe(
    `letter ${large}: it has 900000 bytes and an event at most 65535\n119 events put back into the outbox: Logic publishes them within seconds`,
  );
  await eventually(() => expect(new Set(seen).size).toBe(120), { timeoutMs: 10_000 });
  expect(seen).toHaveLength(120);
});

test("an unknown letter is named, and the others are replayed", async () => {
  await using logic = await openTestLogic();
  const { id } = await record(logic, question);

  expect(await command(logic, "replay", `${id}`, "77")).toEqual({
    code: 1,
    text: "letter 77: there is no such letter\n1 event put back into the outbox: Logic publishes them within seconds",
  });
});

test("a topic that nothing is replayed on is refused", async () => {
  await using logic = await openTestLogic();

  await expect(record(logic, question, "somewhere.else")).rejects.toMatchObject({
    code: "invalid_argument",
  });
});

test("what the command does not understand is answered with its usage", async () => {
  await using logic = await openTestLogic();

  for (const words of [[], ["list", "7"], ["show"], ["replay"], ["replay", "x"], ["show", "-1"]]) {
    expect(await command(logic, ...words)).toEqual({ code: 1, text: usage });
  }
});

test("as a program it needs the database's address alone", async () => {
  await using logic = await openTestLogic();
  await record(logic, question);
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const run = (environment: Record<string, string>) =>
    promisify(execFile)(process.execPath, [main, "list"], { env: environment });

  const { stdout } = await run({ RESONANCE_MYSQL_URL: logic.mysqlUrl });
  expect(stdout).toMatch(/no idea\n1 never replayed, 1 in all\n$/);
  // Where `npm start` has run, the address is found in the home that it leaves.
  await expect(run({ RESONANCE_HOME: "no-home" })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("or its database in RESONANCE_MYSQL_URL"),
  });
});
