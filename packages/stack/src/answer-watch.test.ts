import { expect, test } from "vitest";
import { AnswerWatch } from "./answer-watch.ts";

const sessionId = "single:admin:ops-bot";
const question = { msgId: 70n, seqId: 7n };

function ignore(): void {
  // These tests are about answers.
}

function message(fields: Partial<Parameters<AnswerWatch["show"]>[0]>) {
  return {
    sessionId,
    seqId: 8n,
    fromUsername: "ops-bot",
    clientMsgId: "answer:70",
    content: "the answer",
    ...fields,
  };
}

async function found(watch: AnswerWatch): Promise<string | undefined> {
  return await Promise.race([
    watch.answer,
    new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined))),
  ]);
}

test("the message with the question's id in its client id is the answer", async () => {
  const watch = new AnswerWatch(sessionId, "ops-bot", ignore);
  watch.asked(question);

  watch.show(message({}));

  expect(await watch.answer).toBe("the answer");
});

test("the answer to a question from another tab is not taken", async () => {
  const watch = new AnswerWatch(sessionId, "ops-bot", ignore);
  watch.asked(question);

  watch.show(message({ seqId: 8n, clientMsgId: "answer:69", content: "another answer" }));
  watch.show(message({ seqId: 9n }));

  expect(await watch.answer).toBe("the answer");
});

test("an answer that comes before the Ack is kept for it", async () => {
  const watch = new AnswerWatch(sessionId, "ops-bot", ignore);
  watch.show(message({}));
  expect(await found(watch)).toBeUndefined();

  watch.asked(question);

  expect(await watch.answer).toBe("the answer");
});

test("without client ids the first bot message after the question is the answer", async () => {
  const watch = new AnswerWatch(sessionId, "ops-bot", ignore);
  watch.asked(question);

  watch.show(message({ seqId: 6n, clientMsgId: "", content: "an older answer" }));
  watch.show(message({ seqId: 9n, clientMsgId: "" }));

  expect(await watch.answer).toBe("the answer");
});

test.each([{ sessionId: "0" }, { fromUsername: "admin" }])(
  "a message with %j is no answer",
  async (fields) => {
    const watch = new AnswerWatch(sessionId, "ops-bot", ignore);
    watch.asked(question);

    watch.show(message(fields));

    expect(await found(watch)).toBeUndefined();
  },
);

test("progress is that of this question, also what came before the Ack", () => {
  const shown: string[] = [];
  const watch = new AnswerWatch(sessionId, "ops-bot", (text) => shown.push(text));
  watch.showProgress({ refMsgId: 70n, text: "on it" });
  watch.showProgress({ refMsgId: 69n, text: "another question" });
  expect(shown).toEqual([]);

  watch.asked(question);
  watch.showProgress({ refMsgId: 70n, text: "reading" });

  expect(shown).toEqual(["on it", "reading"]);
});
