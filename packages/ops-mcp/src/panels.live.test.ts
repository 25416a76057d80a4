import { afterAll, beforeAll, expect, test } from "vitest";
import { callTool } from "./call-tool.ts";
import { type LocalStack, openLocalStack } from "./testing/open-local-stack.ts";
import { depsOf } from "./testing/ops-deps.ts";
import { opsTools } from "./tools.ts";

let stack: LocalStack;
const { signal } = new AbortController();

beforeAll(async () => {
  stack = await openLocalStack();
});
afterAll(() => stack[Symbol.asyncDispose]());

test("while Logic cannot ask NATS, nobody is told that nothing waits", async () => {
  const deps = depsOf({}, { local: stack.local });
  const lag = () => callTool(deps, opsTools.get_metrics, { panel: "queue_lag" }, signal);
  stack.exposition = 'resonance_logic_consumer_pending{consumer="task"} 0\n';
  expect(await lag()).toMatchObject({ outcome: "ok" });

  stack.exposition = "resonance_logic_outbox_pending 5\n";

  expect(await lag()).toMatchObject({
    outcome: "error",
    cause: "unavailable",
    message: "NATS cannot be asked for what waits in it",
  });
});
