import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { BotGround, brainOf } from "./testing/bot-ground.ts";
import type { FakeLogic } from "./testing/fake-logic.ts";

let ground: BotGround;
let logic: FakeLogic;

beforeAll(async () => {
  ground = await BotGround.open();
});
beforeEach(async () => {
  await ground.reset();
  logic = await ground.openLogic();
});
afterAll(() => ground[Symbol.asyncDispose]());

const patience = { timeoutMs: 15_000 };

function from(name: string, sessionId = `single:${name}:ops-bot`) {
  return { fromUsername: name, sessionId };
}

/** A brain that thinks until it is let, or stopped. */
function slowBrain() {
  const release = Promise.withResolvers<void>();
  const begun: string[] = [];
  const brain = brainOf(async ({ text }, signal) => {
    begun.push(text);
    await Promise.race([
      release.promise,
      once(signal, "abort").then(() => signal.throwIfAborted()),
    ]);
    return `answer to ${text}`;
  });
  return { brain, begun, release: release.resolve };
}

async function statesOf(msgIds: readonly bigint[]): Promise<string[]> {
  const rows = await ground.db.query<{ state: string }>(
    "SELECT state FROM t_bot_run WHERE msg_id IN (?) ORDER BY msg_id",
    [msgIds],
  );
  return rows.map(({ state }) => state);
}

test("ten people over a limit of two: each learns the own position, and all are answered", async () => {
  const { brain, begun, release } = slowBrain();
  const reports = await ground.watchProgress();
  await ground.openBot(brain, { RESONANCE_BOT_CONCURRENCY: "2" });
  const asked: bigint[] = [];
  for (let index = 0; index < 10; index++) {
    asked.push(await ground.ask(`question ${index}`, from(`person-${index}`)));
  }
  await eventually(() => {
    const last = asked.map((id) => reports.findLast(({ refMsgId }) => refMsgId === id)?.text);
    expect(last.filter((text) => text === "thinking")).toHaveLength(2);
    expect(last.filter((text) => text?.startsWith("waiting"))).toEqual(
      Array.from({ length: 8 }, (_, index) => `waiting, position ${index + 1}`),
    );
  }, patience);
  expect(begun).toHaveLength(2);
  release();
  await eventually(() => expect(logic.stored.size).toBe(10), patience);
});

test("somebody with fifty questions does not hold up the others, and each is answered once", async () => {
  const { brain, begun, release } = slowBrain();
  await ground.openBot(brain, { RESONANCE_BOT_CONCURRENCY: "4" });
  const asked: bigint[] = [];
  for (let index = 0; index < 50; index++) {
    asked.push(await ground.ask(`greedy ${index}`, from("alice", `group:${index}`)));
  }
  await eventually(() => expect(begun).toHaveLength(2), patience);
  asked.push(await ground.ask("modest", from("bob")));
  await eventually(() => expect(begun).toContain("modest"), patience);
  expect(begun.filter((text) => text.startsWith("greedy"))).toHaveLength(2);
  release();

  await eventually(async () => {
    expect(await statesOf(asked)).toEqual(Array(51).fill("answered"));
    await ground.assertAllNoticed();
  }, patience);
  expect(asked.map((id) => logic.answersTo(id).length)).toEqual(Array(51).fill(1));
  expect(logic.requests).toHaveLength(51);
  expect(begun).toHaveLength(51);
});

test("two workers share the work, and each question is answered by one of them", async () => {
  const counts = [0, 0];
  for (const index of counts.keys()) {
    await ground.openBot(
      brainOf(async ({ text }) => {
        counts[index] = (counts[index] ?? 0) + 1;
        return text;
      }),
    );
  }
  const asked: bigint[] = [];
  for (let index = 0; index < 20; index++) {
    asked.push(await ground.ask(`q${index}`, from(`person-${index}`)));
  }
  await eventually(() => expect(logic.stored.size).toBe(20), patience);
  expect(counts.reduce((sum, count) => sum + count)).toBe(20);
  expect(logic.requests).toHaveLength(20);
});

test("the same event three times is one answer, also while that is thought about", async () => {
  const { brain, begun, release } = slowBrain();
  await ground.openBot(brain);
  const msgId = await ground.ask("once", {}, "one");
  await ground.ask("once", { msgId }, "two");
  await eventually(() => expect(begun).toEqual(["once"]), patience);
  await ground.ask("once", { msgId }, "three");
  await eventually(() => ground.assertAllNoticed(), patience);
  expect(await statesOf([msgId])).toEqual(["running"]);
  release();
  await eventually(async () => expect(await statesOf([msgId])).toEqual(["answered"]), patience);
  await ground.ask("once", { msgId }, "four");
  const next = await ground.ask("next");

  await eventually(async () => {
    expect(await statesOf([next])).toEqual(["answered"]);
    await ground.assertAllNoticed();
  }, patience);
  expect(begun).toEqual(["once", "next"]);
  expect(logic.requests.map(({ clientMsgId }) => clientMsgId)).toEqual([
    `answer:${msgId}`,
    `answer:${next}`,
  ]);
});

test("an answer quotes its question where that had to wait for another, and only there", async () => {
  const { brain, begun, release } = slowBrain();
  await ground.openBot(brain);
  const first = await ground.ask("why are sends slow?");
  await eventually(() => expect(begun).toHaveLength(1), patience);
  const second = await ground.ask("# and with password=hunter2hunter2?");
  const command = await ground.ask("/help");
  const elsewhere = await ground.ask("all well?", from("bob"));
  release();
  await eventually(() => expect(logic.stored.size).toBe(4), patience);
  await eventually(async () => {
    expect(await statesOf([first, second, command])).toEqual(Array(3).fill("answered"));
  }, patience);

  const later = await ground.ask("thanks, and now?");
  await eventually(() => expect(logic.stored.size).toBe(5), patience);

  expect(logic.answerTo(first)).toBe("answer to why are sends slow?");
  expect(logic.answerTo(second)).toMatch(
    /^> \\# and with password=(?!hunter2).*\n\nanswer to # and/,
  );
  expect(logic.answerTo(command)).not.toMatch(/^>/);
  expect(logic.answerTo(elsewhere)).toBe("answer to all well?");
  expect(logic.answerTo(later)).toBe("answer to thanks, and now?");
});

test("a question that NATS has lost is answered from its row", async () => {
  const { msgId, seqId } = ground.say("lost");
  await ground.db.execute(
    `INSERT INTO t_bot_run (msg_id, bot_username, session_id, seq_id, requester, language)
     VALUES (?, 'ops-bot', 'single:alice:ops-bot', ?, 'alice', 'en')`,
    [msgId, seqId],
  );
  await ground.openBot(brainOf(async ({ text }) => `found ${text}`));
  await eventually(() => expect(logic.answerTo(msgId)).toBe("found lost"), patience);
});

test("a question that was deleted is left alone", async () => {
  const msgId = await ground.ask("deleted");
  ground.unsay(msgId);
  await ground.openBot(brainOf(async ({ text }) => text));
  await eventually(async () => expect(await statesOf([msgId])).toEqual(["ignored"]), patience);
  expect(logic.requests).toEqual([]);
});

test("/cancel ends the asker's question within 2 s, whichever worker has it, and nobody else's", async () => {
  const one = slowBrain();
  await ground.openBot(one.brain, { RESONANCE_BOT_CONCURRENCY: "8" });
  const group = "group:7";
  const hers = await ground.ask("slow", from("alice", group));
  const queued = await ground.ask("behind it", from("alice", group));
  await eventually(() => expect(one.begun).toEqual(["slow"]), patience);
  const his = await ground.ask("his", from("bob"));
  await eventually(() => expect(one.begun).toContain("his"), patience);
  // Another worker is there now as well: either may take the command.
  await ground.openBot(slowBrain().brain);
  const cancel = await ground.ask("@ops-bot /cancel", from("alice", group));
  await eventually(async () => expect(await statesOf([hers])).toEqual(["cancelled"]), patience);
  const [took] = await ground.db.query<{ ms: bigint }>(
    `SELECT TIMESTAMPDIFF(MICROSECOND, cancel.created_at, hers.finished_at) DIV 1000 AS ms
       FROM t_bot_run hers, t_bot_run cancel WHERE hers.msg_id = ? AND cancel.msg_id = ?`,
    [hers, cancel],
  );
  expect(Number(took?.ms)).toBeLessThan(2_000);
  await eventually(() => expect(logic.answerTo(cancel)).toBe("Stopped 2 questions."), patience);
  await eventually(
    () => expect(logic.answerTo(queued)).toMatch(/^Stopped, as you asked/),
    patience,
  );
  expect(logic.answerTo(hers)).toMatch(/^Stopped, as you asked/);
  expect(await statesOf([his])).toEqual(["running"]);
  one.release();
  await eventually(() => expect(logic.answerTo(his)).toBe("answer to his"), patience);
});

test("/cancel of nothing says so", async () => {
  await ground.openBot();
  const msgId = await ground.ask("/cancel");
  await eventually(() => expect(logic.answerTo(msgId)).toContain("nothing of yours"), patience);
});

test("two people in one group get answers to what each of them asked", async () => {
  await ground.openBot(
    brainOf(async ({ text, from, earlier }) => `${from}: ${text}, after ${earlier.length}`),
  );
  const group = "group:9";
  const first = await ground.ask("@ops-bot gateway?", from("alice", group));
  const second = await ground.ask("@ops-bot logic?", from("bob", group));
  const third = await ground.ask("@ops-bot and task?", from("alice", group));
  await eventually(() => expect(logic.stored.size).toBe(3), patience);
  expect(logic.answerTo(first)).toBe("alice: gateway?, after 0");
  expect(logic.answerTo(second)).toMatch(/^(> logic\?\n\n)?bob: logic\?, after 0$/);
  expect(logic.answerTo(third)).toMatch(/^(> and task\?\n\n)?alice: and task\?, after 1$/);
});

test("a follow-up is understood by a worker that has not seen the first question", async () => {
  const first = await ground.openBot();
  const one = await ground.ask("gateway errors in the last 30 minutes");
  await eventually(() => expect(logic.answerTo(one)).toBeDefined(), patience);
  await first[Symbol.asyncDispose]();
  await ground.openBot();
  const two = await ground.ask("what about logic?");
  await eventually(() => expect(logic.answerTo(two)).toBeDefined(), patience);
  const calls = await ground.db.query(
    "SELECT arguments FROM t_bot_step WHERE kind = 'tool' ORDER BY msg_id",
  );
  expect(calls).toEqual([
    { arguments: '{"service":"gateway","since":"30m","level":"error"}' },
    { arguments: '{"service":"logic","since":"30m","level":"error"}' },
  ]);
});

test("/clear makes a question stand for itself", async () => {
  await ground.openBot(brainOf(async ({ earlier }) => `after ${earlier.length}`));
  await ground.ask("one");
  const two = await ground.ask("two");
  const clear = await ground.ask("/clear");
  const three = await ground.ask("three");
  await eventually(() => expect(logic.stored.size).toBe(4), patience);
  expect(logic.answerTo(two)).toMatch(/^(> two\n\n)?after 1$/);
  expect(logic.answerTo(clear)).toContain("start afresh");
  expect(logic.answerTo(three)).toMatch(/^(> three\n\n)?after 0$/);
});

test("/runs shows the asker's runs and steps, and nobody else's", async () => {
  await ground.openBot();
  const hers = await ground.ask("show gateway logs");
  await eventually(() => expect(logic.answerTo(hers)).toBeDefined(), patience);
  const id = `${hers}`.slice(-10);
  const list = await ground.ask("/runs");
  const shown = await ground.ask(`/runs ${id}`);
  const foreign = await ground.ask(`/runs ${id}`, from("eve"));
  await eventually(() => expect(logic.stored.size).toBe(4), patience);
  expect(logic.answerTo(list)).toContain(id);
  expect(logic.answerTo(shown)).toMatch(/`get_logs \{"service":"gateway"\}` \(error/);
  expect(logic.answerTo(foreign)).toContain("no run");
});

test("/model says what answers", async () => {
  await ground.openBot(brainOf(async () => "x"));
  const msgId = await ground.ask("/model");
  await eventually(() => expect(logic.answerTo(msgId)).toContain("`scripted`"), patience);
});

test("a command is on record as done by no model, and a question by the one that was asked", async () => {
  await ground.openBot(brainOf(async () => "x"));
  const asked = [await ground.ask("/help"), await ground.ask("/model"), await ground.ask("hello")];

  await eventually(() => expect(logic.stored.size).toBe(asked.length), patience);

  const rows = await ground.db.query<{ details: string }>(
    "SELECT details FROM t_audit WHERE kind = 'question' AND msg_id IN (?) ORDER BY msg_id",
    [asked],
  );
  expect(rows.map(({ details }) => JSON.parse(details))).toEqual([
    { command: "/help", brain: "offline", model: "" },
    { command: "/model", brain: "offline", model: "" },
    { command: "", brain: "openai-compatible", model: "scripted" },
  ]);
});

test("a session that stays in the house says which brain answered it, and how to have a model", async () => {
  const outside = { ...brainOf(async () => "from outside"), reach: "cloud" } as const;
  await ground.openBot(outside, { RESONANCE_BOT_DATA_POLICY: "local" });

  const [asked, model] = [await ground.ask("sing me a song"), await ground.ask("/model")];

  await eventually(() => expect(logic.stored.size).toBe(2), patience);
  for (const msgId of [asked, model]) {
    expect(logic.answerTo(msgId)).toMatch(/stays in the house.*RESONANCE_FALLBACK_MODEL_URL/);
  }
  await eventually(async () => {
    const rows = await ground.db.query("SELECT DISTINCT brain, model FROM t_bot_run");
    expect(rows).toEqual([{ brain: "offline", model: "" }]);
  }, patience);
});

test("a worker that was killed long ago leaves its question to the next", async () => {
  const { msgId, seqId } = ground.say("left");
  await ground.db.execute(
    `INSERT INTO t_bot_run (msg_id, bot_username, session_id, seq_id, requester, language, state,
                            attempts, lease_owner, lease_until, deadline)
     VALUES (?, 'ops-bot', 'single:alice:ops-bot', ?, 'alice', 'zh', 'running', 1, 'dead',
             NOW(3) - INTERVAL 1 SECOND, NOW(3) - INTERVAL 1 SECOND)`,
    [msgId, seqId],
  );
  await ground.openBot(brainOf(async () => "too late"));
  await eventually(() => expect(logic.answerTo(msgId)).toMatch(/^抱歉，300 秒内/), patience);
});

test("a worker that hangs in a run loses it to none while it lives", async () => {
  const first = slowBrain();
  await ground.openBot(first.brain, { RESONANCE_BOT_LEASE_MS: "1500" });
  const msgId = await ground.ask("long");
  await eventually(() => expect(first.begun).toEqual(["long"]), patience);
  const second = slowBrain();
  await ground.openBot(second.brain, { RESONANCE_BOT_LEASE_MS: "1500" });
  // How long is what this is about: longer than a lease that nobody renews.
  await delay(2_500);
  expect(second.begun).toEqual([]);
  first.release();
  await eventually(() => expect(logic.answerTo(msgId)).toBe("answer to long"), patience);
});
