import type { MsgId } from "@resonance/mq-proto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { answerAbandoned } from "./bot-watchdog.ts";
import { openTestLogic, type TestLogic } from "./test-logic.ts";

const sessionId = "single:alice:ops-bot";

let logic: TestLogic;

beforeEach(async () => {
  logic = await openTestLogic();
  await logic.user("alice");
});
afterEach(() => logic[Symbol.asyncDispose]());

function look(deadlineMs = 0): Promise<number> {
  return answerAbandoned({ ...logic.deps, deadlineMs });
}

async function ask(content: string): Promise<MsgId> {
  const { msgId } = await logic.send({ sessionId, fromUsername: "alice", content });
  return msgId;
}

async function answersTo(msgId: MsgId): Promise<string[]> {
  const rows = await logic.db.query<{ content: string }>(
    "SELECT content FROM t_message_content WHERE sender_username = 'ops-bot' AND client_msg_id = ?",
    [`answer:${msgId}`],
  );
  return rows.map(({ content }) => content);
}

async function stateOf(msgId: MsgId): Promise<string | undefined> {
  const [row] = await logic.db.query<{ state: string }>(
    "SELECT state FROM t_bot_run WHERE msg_id = ?",
    [msgId],
  );
  return row?.state;
}

test("a question that no worker is left for is answered in its language, once", async () => {
  const chinese = await ask("网关怎么样");
  const english = await ask("how is the gateway?");

  expect(await look()).toBe(2);
  expect(await look()).toBe(0);

  expect(await answersTo(chinese)).toEqual([expect.stringMatching(/^抱歉.*编号 [0-9a-f]{8}/)]);
  expect(await answersTo(english)).toEqual([expect.stringMatching(/^Sorry.*[0-9a-f]{8}\)$/)]);
  expect(await stateOf(chinese)).toBe("failed");
});

test("a command that no worker is left for is answered as its asker last spoke", async () => {
  const first = await ask("/status");
  await ask("网关怎么样");
  const command = await ask("/status");

  expect(await look()).toBe(3);

  expect(await answersTo(first)).toEqual([expect.stringMatching(/^Sorry/)]);
  expect(await answersTo(command)).toEqual([expect.stringMatching(/^抱歉/)]);
});

test("two that look at once store one answer", async () => {
  const msgId = await ask("how is the gateway?");

  await Promise.all([look(), look(), look()]);

  expect(await answersTo(msgId)).toHaveLength(1);
});

test("a question within its time is left alone", async () => {
  const msgId = await ask("how is the gateway?");

  expect(await look(60_000)).toBe(0);

  expect(await stateOf(msgId)).toBe("queued");
});

test("a run that a worker holds is left alone, and so is every run of a bot that lives", async () => {
  const held = await ask("how is the gateway?");
  await logic.db.execute(
    `UPDATE t_bot_run SET state = 'running', lease_owner = 'x', deadline = NOW(3) - INTERVAL 1 HOUR,
            lease_until = NOW(3) + INTERVAL 1 HOUR WHERE msg_id = ?`,
    [held],
  );
  expect(await look()).toBe(0);

  const waiting = await ask("and logic?");
  await logic.db.execute(
    "INSERT INTO t_bot_worker VALUES ('x', 'ops-bot', NOW(3) + INTERVAL 1 HOUR)",
  );
  expect(await look()).toBe(0);

  await logic.db.execute("UPDATE t_bot_worker SET alive_until = NOW(3) - INTERVAL 1 SECOND");
  expect(await look()).toBe(1);
  expect(await answersTo(held)).toEqual([]);
  expect(await answersTo(waiting)).toHaveLength(1);
});

test("an answer that is there already is the only one", async () => {
  const msgId = await ask("how is the gateway?");
  await logic.send({
    sessionId,
    fromUsername: "ops-bot",
    content: "fine",
    clientMsgId: `answer:${msgId}`,
  });

  expect(await look()).toBe(1);

  expect(await answersTo(msgId)).toEqual(["fine"]);
  expect(await stateOf(msgId)).toBe("answered");
});
