import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestLogic, type TestLogic } from "./test-logic.ts";

let logic: TestLogic;

beforeEach(async () => {
  logic = await openTestLogic();
});
afterEach(() => logic[Symbol.asyncDispose]());

test("a question is committed with the run that answers it, other messages with none", async () => {
  const alice = await logic.user("alice");
  const question = await logic.send({
    sessionId: "single:alice:ops-bot",
    fromUsername: alice,
    content: "/取消 网关",
  });
  await logic.send({ sessionId: "0", fromUsername: alice, content: "hello everybody" });
  const inRoom = await logic.send({
    sessionId: "0",
    fromUsername: alice,
    content: "@ops-bot /logs gateway",
  });

  const runs = await logic.db.query(
    `SELECT msg_id AS msgId, bot_username AS bot, session_id AS sessionId, seq_id AS seqId,
            requester, language, command, state, attempts
       FROM t_bot_run ORDER BY msg_id`,
  );

  const common = { bot: "ops-bot", requester: "alice", state: "queued", attempts: 0 };
  expect(runs).toMatchObject([
    {
      ...common,
      msgId: question.msgId,
      seqId: question.seqId,
      sessionId: "single:alice:ops-bot",
      language: "zh",
      command: "/取消",
    },
    {
      ...common,
      msgId: inRoom.msgId,
      seqId: inRoom.seqId,
      sessionId: "0",
      language: "en",
      command: "/logs",
    },
  ]);
});
