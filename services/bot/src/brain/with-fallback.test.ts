import { createLogger } from "@resonance/kit";
import { expect, test } from "vitest";
import { brainRequest } from "../testing/brain-request.ts";
import {
  BrainError,
  type BrainErrorKind,
  type BrainPort,
  type BrainRequest,
  type BrainStep,
} from "./model-port.ts";
import { withFallback } from "./with-fallback.ts";

const log = createLogger("test", "silent");
const signal = new AbortController().signal;

function brainOf(
  next: (request: BrainRequest) => BrainStep,
  reach: BrainPort["reach"] = "local",
): BrainPort & { asked: number } {
  const brain = {
    name: "openai-compatible" as const,
    model: "m",
    reach,
    asked: 0,
    async next(request: BrainRequest) {
      brain.asked += 1;
      return next(request);
    },
  };
  return brain;
}

function saying(text: string): BrainStep {
  const usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 };
  return { text, toolCalls: [], finish: "answer", usage };
}

function failing(kind: BrainErrorKind, partialText = ""): BrainPort & { asked: number } {
  return brainOf(() => {
    throw new BrainError(kind, `first: ${kind}`, { partialText });
  });
}

test.each(["busy", "key_problem", "timed_out", "offline", "failed"] as const)(
  "a brain that ends %s is replaced, for this question to its end",
  async (kind) => {
    const main = failing(kind);
    const brain = withFallback(
      main,
      brainOf(() => saying("second")),
      log,
    );
    expect(await brain.next(brainRequest("x"), signal)).toMatchObject({ text: "second" });
    await brain.next(brainRequest("x"), signal);
    expect(main.asked).toBe(1);
  },
);

test.each(["too_long", "refused", "budget"] as const)("%s stays what it is", async (kind) => {
  const other = brainOf(() => saying("second"));
  const brain = withFallback(failing(kind), other, log);
  await expect(brain.next(brainRequest("x"), signal)).rejects.toMatchObject({ kind });
  expect(other.asked).toBe(0);
});

test("when both fail, the longer of their texts is kept", async () => {
  const brain = withFallback(failing("busy", "The gateway"), failing("offline", "The"), log);
  await expect(brain.next(brainRequest("x"), signal)).rejects.toMatchObject({
    kind: "offline",
    partialText: "The gateway",
  });
});

test("what had been told is void when the other brain begins", async () => {
  let restarts = 0;
  const request = brainRequest("x", {
    onRestart: () => {
      restarts += 1;
    },
  });
  const brain = withFallback(
    failing("busy", "The"),
    brainOf(() => saying("second")),
    log,
  );
  await brain.next(request, signal);
  expect(restarts).toBe(1);
});

test("it reaches as far as the farther of the two", () => {
  const near = brainOf(() => saying(""));
  const far = brainOf(() => saying(""), "cloud");
  expect(withFallback(near, far, log).reach).toBe("cloud");
  expect(withFallback(far, near, log).reach).toBe("cloud");
  expect(withFallback(near, near, log).reach).toBe("local");
});

test("rules begin with the question, and are given what was looked up before them", async () => {
  const gateway = { id: "m-1", name: "get_logs", input: { service: "gateway" } };
  const logic = { id: "call-2", name: "get_logs", input: { service: "logic" } };
  const seen: string[] = [];
  const rules: BrainPort = {
    ...brainOf(() => saying("")),
    name: "offline",
    async next({ messages }) {
      const results = messages.flatMap((one) => (one.role === "tool" ? one.results : []));
      seen.push(results.map(({ text }) => text).join());
      const next = [{ ...gateway, id: "call-1" }, logic][results.length];
      return next ? { ...saying(""), toolCalls: [next], finish: "tool_calls" } : saying("by rules");
    },
  };
  const brain = withFallback(failing("offline"), rules, log);
  const request = brainRequest("x");
  const messages = [
    ...request.messages,
    { role: "assistant", text: "", toolCalls: [gateway] },
    { role: "tool", results: [{ call: gateway, outcome: "ok", text: "gateway's" }] },
  ] as const;
  const step = await brain.next({ ...request, messages }, signal);
  expect(step.toolCalls).toEqual([logic]);
  expect(seen).toEqual(["", "gateway's"]);
});
