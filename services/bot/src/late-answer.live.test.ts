import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { BotGround, brainOf } from "./testing/bot-ground.ts";

let ground: BotGround;

beforeAll(async () => {
  ground = await BotGround.open();
});
beforeEach(() => ground.reset());
afterAll(() => ground[Symbol.asyncDispose]());

/** A question whose worker died a while ago, after a step of its model. */
async function leftBehind(text: string, calls: readonly object[] = []): Promise<bigint> {
  const msgId = await ground.ask("how is it?");
  await ground.db.execute(
    `INSERT INTO t_bot_run (msg_id, bot_username, session_id, seq_id, requester, language, state,
       lease_owner, lease_until, deadline, attempts)
     VALUES (?, 'ops-bot', 'single:alice:ops-bot', 1, 'alice', 'en', 'running', 'dead',
       NOW(3) - INTERVAL 1 HOUR, NOW(3) - INTERVAL 1 HOUR, 1)`,
    [msgId],
  );
  await ground.db.execute(
    `INSERT INTO t_bot_step (msg_id, bot_username, number, kind, name, arguments, state, outcome, text)
     VALUES (?, 'ops-bot', 1, 'model', 'scripted', ?, 'done', 'answer', ?)`,
    [msgId, JSON.stringify(calls), text],
  );
  return msgId;
}

async function endOf(msgId: bigint) {
  return await eventually(async () => {
    const [row] = await ground.db.query<{ state: string; failure: string | null }>(
      "SELECT state, failure FROM t_bot_run WHERE msg_id = ? AND finished_at IS NOT NULL",
      [msgId],
    );
    if (!row) throw new Error("not ended");
    return row;
  });
}

test("an answer that is on record is said, though the deadline has passed since", async () => {
  const logic = await ground.openLogic();
  const msgId = await leftBehind("all is well");

  await ground.openBot(brainOf(async () => "another answer"));

  expect(await endOf(msgId)).toEqual({ state: "answered", failure: null });
  expect(logic.answerTo(msgId)).toBe("all is well");
});

test("a step that asks for tools is no answer: the deadline has passed, and that is said", async () => {
  const logic = await ground.openLogic();
  const msgId = await leftBehind("let me look", [{ id: "1", name: "list_services", input: {} }]);

  await ground.openBot(brainOf(async () => "another answer"));

  expect(await endOf(msgId)).toEqual({ state: "failed", failure: "deadline" });
  expect(logic.answerTo(msgId)).toMatch(/no answer within 300 s/);
});
