import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPerson } from "./testing/open-person.ts";
import { openTestStack, type TestStack } from "./testing/open-test-stack.ts";

let stack: TestStack;
let db: Connection;

beforeAll(async () => {
  stack = await openTestStack({ RESONANCE_BOT_DEADLINE_MS: "2000" });
  db = await createConnection({
    uri: stack.mysqlUrl,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
}, 120_000);
afterAll(async () => {
  await db?.end();
  await stack?.[Symbol.asyncDispose]();
}, 60_000);

test("without a bot who asks is told so in plain words, in the language of the question, once", {
  timeout: 90_000,
}, async () => {
  await using alice = await openPerson(stack.url, { username: "alice" });
  const { msgId: stoppedAt } = (await alice.ask("/help")).answer;
  await stack.services.bot.stop(AbortSignal.timeout(30_000));

  const [chinese, english] = await Promise.all([
    alice.ask("网关怎么样？"),
    alice.ask("how is the gateway?"),
  ]);

  expect(chinese.answer).toMatchObject({ fromUsername: "ops-bot", type: "text" });
  expect(chinese.answer.content).toMatch(/^抱歉，这个问题没有得到回答：.*（编号 [0-9a-f]{8}）$/);
  expect(english.answer).toMatchObject({ fromUsername: "ops-bot", type: "text" });
  expect(english.answer.content).toMatch(
    /^Sorry, this question was not answered: .*[0-9a-f]{8}\)$/,
  );
  // The bot that is back finds the questions in its queue, before this one.
  await stack.services.bot.start(AbortSignal.timeout(30_000));
  const later = await alice.ask("/help");
  const [rows] = await db.query<RowDataPacket[]>(
    `SELECT client_msg_id AS id FROM t_message_content
      WHERE session_id = ? AND sender_username = 'ops-bot' AND msg_id > ?`,
    [alice.botSession, stoppedAt.toString()],
  );
  const asked = [chinese, english, later].map(({ msgId }) => `answer:${msgId}`);
  expect(rows.map(({ id }) => String(id)).toSorted()).toEqual(asked.toSorted());
});
