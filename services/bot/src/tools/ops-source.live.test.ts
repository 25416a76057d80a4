import { parseMsgId, parseUsername } from "@resonance/mq-proto";
import { depsOf, healthyStatus, openLocalStack } from "@resonance/ops-mcp/testing";
import { expect, test } from "vitest";
import { openOpsSource } from "./ops-source.ts";

const context = {
  msgId: parseMsgId(1n),
  asked: "show me the gateway logs",
  requester: parseUsername("alice"),
  sessionId: "single:alice:ops-bot",
  language: "en",
  nowMs: Date.parse("2026-11-26T12:00:00Z"),
} as const;

test("a tool that does not exist is an answer that names those that do", async () => {
  await using source = openOpsSource(depsOf({}));
  const outcome = await source.call(
    { name: "run_shell", input: {} },
    context,
    AbortSignal.timeout(5_000),
  );
  expect(outcome.outcome).toBe("error");
  expect(outcome.text).toContain("there is no tool run_shell");
  expect(outcome.text).toContain("get_logs");
});

test("a result comes as text for a model and as data, with windows that end at the question", async () => {
  await using stack = await openLocalStack();
  const deps = depsOf({}, { local: stack.local, readSystemStatus: async () => healthyStatus() });
  await using source = openOpsSource(deps);
  const call = { name: "get_logs", input: { service: "gateway" } };
  const outcome = await source.call(call, context, AbortSignal.timeout(5_000));
  expect(outcome.outcome).toBe("no_data");
  expect(outcome.text).toContain("NO DATA. Likely causes: the log is empty.");
  expect(outcome.text).toContain("window 2026-11-26T11:00:00.000Z to 2026-11-26T12:00:00.000Z");
  expect(outcome.data).toMatchObject({ outcome: "no_data", data: { service: "gateway" } });
});

test("a restart that was not proposed does nothing", async () => {
  await using source = openOpsSource(depsOf({}));
  const call = { name: "restart_service", input: { service: "gateway", reason: "because" } };
  const outcome = await source.call(call, context, AbortSignal.timeout(5_000));
  expect(outcome.text).toContain("nothing was done");
});
