import { createRedaction } from "@resonance/redact";
import { expect, test } from "vitest";
import {
  BrainError,
  type BrainPort,
  type BrainRequest,
  type BrainStep,
} from "../brain/model-port.ts";
import { brainRequest } from "../testing/brain-request.ts";
import { type Guard, guardBrain } from "./guard-brain.ts";

const password = ["Sommer", "2024!"].join("");
const usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 };
const cloud: Guard = { policy: "pseudonyms", key: "session", redaction: createRedaction() };

type Told = { brain: BrainPort; requests: BrainRequest[] };

function listening(reach: BrainPort["reach"], answer: (request: BrainRequest) => BrainStep): Told {
  const requests: BrainRequest[] = [];
  return {
    requests,
    brain: {
      name: "anthropic",
      model: "m",
      reach,
      next: async (request) => {
        requests.push(request);
        return answer(request);
      },
    },
  };
}

const saying = (text: string): BrainStep => ({ text, toolCalls: [], finish: "answer", usage });
const signal = AbortSignal.timeout(10_000);

test("no secret of question, history, system, tool or result reaches the brain", async () => {
  const { brain, requests } = listening("local", () => saying("ok"));
  const secret = `password=${password}`;
  const call = { id: "1", name: "get_logs", input: { include: secret, password } };
  const request = brainRequest(secret, {
    system: secret,
    messages: [
      { role: "user", text: secret },
      { role: "assistant", text: secret, toolCalls: [call] },
      { role: "tool", results: [{ call, outcome: "ok", text: secret }] },
    ],
    tools: [
      {
        ...brainRequest("").tools[0],
        name: "t",
        description: secret,
        inputSchema: {},
        access: "read",
      },
    ],
  });

  await guardBrain(brain, cloud).next(request, signal);

  expect(
    JSON.stringify(
      requests.map(({ onText, ...rest }) => ({ ...rest, question: rest.question.text })),
    ),
  ).not.toContain(password);
});

test("a brain in the cloud is told other names, and its words come back with the true ones", async () => {
  const { brain, requests } = listening("cloud", ({ messages }) => {
    const [message] = messages;
    const text = message?.role === "user" ? message.text : "";
    return {
      ...saying(text),
      toolCalls: [{ id: "1", name: "get_logs", input: { include: text } }],
    };
  });
  const text = "why is db-1.example.com at 10.1.2.3 slow?";

  const step = await guardBrain(brain, cloud).next(brainRequest(text), signal);

  expect(JSON.stringify(requests[0]?.messages)).not.toMatch(/example\.com|10\.1\.2\.3/);
  expect(step.text).toBe(text);
  expect(step.toolCalls[0]?.input).toEqual({ include: text });
});

test("a true name that streams in two pieces comes out whole", async () => {
  const deltas: string[] = [];
  const { brain } = listening("cloud", ({ messages, onText }) => {
    const [message] = messages;
    const name = message?.role === "user" ? message.text : "";
    for (const piece of ["it is ", name.slice(0, 4), name.slice(4), "."]) onText(piece);
    return saying("");
  });
  const request = brainRequest("10.1.2.3", { onText: (delta) => void deltas.push(delta) });

  await guardBrain(brain, cloud).next(request, signal);

  expect(deltas.join("")).toBe("it is 10.1.2.3.");
});

test("what was held back of a name is void when the brain starts over", async () => {
  const deltas: string[] = [];
  const { brain } = listening("cloud", ({ onText, onRestart }) => {
    onText("the first wor");
    onRestart?.();
    onText("again.");
    return saying("");
  });
  const request = brainRequest("hello", {
    onText: (delta) => void deltas.push(delta),
    onRestart: () => void deltas.splice(0),
  });

  await guardBrain(brain, cloud).next(request, signal);

  expect(deltas.join("")).toBe("again.");
});

test.each(["cloud", "pseudonyms", "local"] as const)(
  "a brain in the house gets true names under %s",
  async (policy) => {
    const { brain, requests } = listening("local", () => saying("ok"));

    await guardBrain(brain, { ...cloud, policy }).next(brainRequest("10.1.2.3"), signal);

    expect(JSON.stringify(requests[0]?.messages)).toContain("10.1.2.3");
  },
);

test("a session that stays in the house sends nothing outside", async () => {
  const { brain, requests } = listening("cloud", () => saying("ok"));

  const asked = guardBrain(brain, { ...cloud, policy: "local" }).next(
    brainRequest("hello"),
    signal,
  );

  await expect(asked).rejects.toThrow(BrainError);
  expect(requests).toEqual([]);
});

test("a boundary that fails sends nothing", async () => {
  const { brain, requests } = listening("cloud", () => saying("ok"));
  const broken = {
    ...cloud,
    redaction: createRedaction(() => {
      throw new Error("broken");
    }),
  };

  const asked = guardBrain(brain, broken).next(brainRequest("hello"), signal);

  await expect(asked).rejects.toMatchObject({ kind: "failed" });
  expect(requests).toEqual([]);
});

test("words that break off come back with the true names", async () => {
  const { brain } = listening("cloud", ({ messages }) => {
    const [message] = messages;
    const partialText = message?.role === "user" ? message.text : "";
    throw new BrainError("offline", "the stream broke", { partialText });
  });
  const text = "db-1.example.com at 10.1.2.3 is slow";

  const failure = guardBrain(brain, cloud).next(brainRequest(text), signal);

  await expect(failure).rejects.toMatchObject({ kind: "offline", partialText: text });
});
