import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { BrainPort, BrainRequest } from "./brain/model-port.ts";
import { tokensOf } from "./context/fit-messages.ts";
import { digestOf, newProposalId } from "./proposals/proposal.ts";
import { insertProposal } from "./sql/proposals.ts";
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

const patience = { timeoutMs: 20_000 };

async function answerTo(msgId: bigint): Promise<string> {
  return await eventually(() => {
    const answer = logic.answerTo(msgId);
    if (answer === undefined) throw new Error(`no answer to ${msgId}`);
    return answer;
  }, patience);
}

/** A brain that answers in a word, with what it was asked. */
function listeningBrain() {
  const requests: BrainRequest[] = [];
  const said = brainOf(async () => "noted");
  const brain: BrainPort = {
    ...said,
    next: (request, signal) => {
      requests.push(request);
      return said.next(request, signal);
    },
  };
  return { brain, requests };
}

/** As a person, a while ago, has asked for it through the bot. */
async function openProposal(): Promise<string> {
  const id = newProposalId();
  const core = {
    tool: "restart_service",
    input: JSON.stringify({ service: "task" }),
    targetId: "process/task",
    generation: "1",
  };
  await insertProposal(ground.db, {
    ...core,
    id,
    digest: digestOf(core),
    fourEyes: false,
    service: "task",
    namespace: undefined,
    requester: "alice",
    sessionId: "single:alice:ops-bot",
    msgId: 1n,
    bot: "ops-bot",
    language: "en",
    reason: "it is stuck",
    replicas: 1,
    remainingMs: 600_000,
  });
  return id;
}

test("after 300 turns a window of 32,000 tokens holds, with the names and the open proposal", async () => {
  const { brain, requests } = listeningBrain();
  await ground.openBot(brain, {
    RESONANCE_BOT_CONTEXT_MESSAGES: "1000",
    RESONANCE_BOT_CONTEXT_TOKENS: "32000",
  });
  await answerTo(await ground.ask("please look at shop-api-7f9c on 10.1.2.3"));
  const id = await openProposal();
  for (let turn = 0; turn < 300; turn++) {
    ground.say(`question ${turn} `.repeat(40));
    ground.say("an answer of some length ".repeat(20), { fromUsername: "ops-bot" });
  }

  await answerTo(await ground.ask("and how is it now?"));

  const last = requests.at(-1);
  if (!last) throw new Error("the brain was not asked");
  const sent = tokensOf(last.messages);
  expect(sent).toBeLessThanOrEqual(32_000);
  // As much of it as there is room for, and not only the question.
  expect(sent).toBeGreaterThan(16_000);
  const question = last.messages.at(-1);
  for (const name of ["shop-api-7f9c", "10.1.2.3", id, "and how is it now?"]) {
    expect(question).toMatchObject({ role: "user", text: expect.stringContaining(name) });
  }
  expect(await answerTo(await ground.ask("/proposals"))).toContain(id);
  expect(await answerTo(await ground.ask(`/approve ${id}`))).toContain("may not decide");
});
