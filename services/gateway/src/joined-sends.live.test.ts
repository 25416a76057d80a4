import { setTimeout as delay } from "node:timers/promises";
import { ChatError } from "@resonance/kit";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { openTestGateway } from "./testing/open-test-gateway.ts";
import { firstMsgId } from "./testing/open-test-logic.ts";

const message = { sessionId: "single:alice:bob", content: "hi", type: "text", clientMsgId: "m1" };
const stored = { msgId: firstMsgId, seqId: 7n };

/** A gateway whose Logic has alice's message in its hands, and answers nothing by itself. */
async function openHeld() {
  await using stack = new AsyncDisposableStack();
  const gateway = stack.use(await openTestGateway());
  const answers: PromiseWithResolvers<typeof stored>[] = [];
  gateway.logic.onSend = () => {
    const answer = Promise.withResolvers<typeof stored>();
    answers.push(answer);
    return answer.promise;
  };
  const first = stack.use(await gateway.connect("alice"));
  first.chat("original", message);
  await eventually(() => expect(answers).toHaveLength(1));
  const second = stack.use(await gateway.connect("alice"));
  const closing = stack.move();
  return {
    gateway,
    answers,
    first,
    second,
    /** Sends on the second connection. What came later on a new one is answered by then. */
    async repeat(chat: typeof message) {
      second.chat("repeat", chat);
      await using later = await gateway.connect("bob");
      await later.settle();
    },
    async [Symbol.asyncDispose]() {
      for (const { resolve } of answers) resolve(stored);
      await closing.disposeAsync();
    },
  };
}

test("a repeat of a send under way is not sent, and each gets its Ack under its own seq", async () => {
  await using held = await openHeld();
  await held.repeat(message);

  held.answers[0]?.resolve(stored);

  await eventually(() => expect(held.second.acks()).toHaveLength(1));
  expect(held.second.acks()).toMatchObject([{ ...stored, refSeq: "repeat", error: "" }]);
  expect(held.first.acks()).toMatchObject([{ ...stored, refSeq: "original", error: "" }]);
  expect(held.answers).toHaveLength(1);
});

test("a repeat gets the Ack though the connection of its original is gone", async () => {
  await using held = await openHeld();
  held.first.vanish();
  await held.first.closed;
  await held.repeat(message);

  held.answers[0]?.resolve(stored);

  await eventually(() => expect(held.second.acks()).toMatchObject([{ ...stored, error: "" }]));
  expect(held.answers).toHaveLength(1);
});

test("when the original fails its repeat is sent", async () => {
  await using held = await openHeld();
  await held.repeat(message);

  held.answers[0]?.reject(new ChatError("deadline_exceeded", "statement timeout"));
  await eventually(() => expect(held.answers).toHaveLength(2));
  held.answers[1]?.resolve(stored);

  await eventually(() => expect(held.second.acks()).toMatchObject([{ ...stored, error: "" }]));
  expect(held.first.acks()).toMatchObject([{ errorReason: "timed_out" }]);
});

test("another text under the same client id is Logic's to judge", async () => {
  await using held = await openHeld();

  held.second.chat("other", { ...message, content: "something else" });

  await eventually(() => expect(held.answers).toHaveLength(2));
});

test("the same client id of somebody else is another message", async () => {
  await using held = await openHeld();
  await using bob = await held.gateway.connect("bob");

  bob.chat("bob's", message);

  await eventually(() => expect(held.answers).toHaveLength(2));
});

test("repeats that wait behind their original on its connection get its answer", async () => {
  await using gateway = await openTestGateway();
  gateway.logic.onSend = () => delay(300, stored);
  await using alice = await gateway.connect("alice");

  for (const seq of ["1", "2", "3"]) alice.chat(seq, message);

  await eventually(() => expect(alice.acks()).toHaveLength(3));
  expect(alice.acks().map(({ refSeq, msgId }) => [refSeq, msgId])).toEqual([
    ["1", firstMsgId],
    ["2", firstMsgId],
    ["3", firstMsgId],
  ]);
  expect(gateway.logic.sends).toHaveLength(1);
});

test("a refusal that came slowly is asked for again", async () => {
  await using gateway = await openTestGateway();
  gateway.logic.onSend = () => delay(300, { error: "not a session member" });
  await using alice = await gateway.connect("alice");

  for (const seq of ["1", "2"]) alice.chat(seq, message);

  await eventually(() => expect(alice.acks()).toHaveLength(2));
  expect(gateway.logic.sends).toHaveLength(2);
});
