import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { BotGround, brainOf } from "../testing/bot-ground.ts";
import type { FakeLogic } from "../testing/fake-logic.ts";

let ground: BotGround;
let logic: FakeLogic;

beforeAll(async () => {
  ground = await BotGround.open();
});
beforeEach(async () => {
  await ground.reset();
  await ground.db.execute("DELETE FROM t_bot_data_policy");
  logic = await ground.openLogic();
  await ground.openBot(brainOf(async () => "thought"));
});
afterAll(() => ground[Symbol.asyncDispose]());

const alone = { fromUsername: "alice", sessionId: "single:alice:ops-bot" };
const group = { fromUsername: "alice", sessionId: "group:3" };

async function say(content: string, where = alone): Promise<string> {
  const msgId = await ground.ask(content, where);
  return await eventually(
    () => {
      const answer = logic.answerTo(msgId);
      if (answer === undefined) throw new Error(`no answer to ${content}`);
      return answer;
    },
    { timeoutMs: 15_000 },
  );
}

test("/policy says what may leave the house, and what else there is", async () => {
  const answer = await say("/policy");

  expect(answer).toMatch(/^\*\*pseudonyms\*\*/);
  expect(answer).toContain("`/policy local`");
});

test("alone with the bot it is made stricter and looser, and kept", async () => {
  expect(await say("/policy LOCAL")).toMatch(/^\*\*local\*\*/);
  expect(await say("/policy")).toMatch(/^\*\*local\*\*/);
  expect(await say("/policy cloud")).toMatch(/^\*\*cloud\*\*/);
  expect(await ground.db.query("SELECT policy, set_by AS setBy FROM t_bot_data_policy")).toEqual([
    { policy: "cloud", setBy: "alice" },
  ]);
});

test("in a group it is only made stricter, and a refusal says why", async () => {
  expect(await say("@ops-bot /policy local", group)).toMatch(/^\*\*local\*\*/);
  expect(await say("@ops-bot /policy cloud", { ...group, fromUsername: "bob" })).toContain(
    "others have spoken under it",
  );
  expect(await say("@ops-bot /policy", group)).toMatch(/^\*\*local\*\*/);
});

test("a policy that there is not changes nothing and names those there are", async () => {
  expect(await say("/policy open")).toMatch(/^Change it with/);
  expect(await ground.db.query("SELECT policy FROM t_bot_data_policy")).toEqual([]);
});

test("a command is answered in the language of the last question", async () => {
  await say("gateway 怎么样");
  expect(await say("/policy")).toContain("这里的内容可以发给外部模型");
  await say("and task?");
  expect(await say("/policy")).toContain("what is said here");
});
