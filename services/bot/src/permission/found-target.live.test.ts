import { createLogger } from "@resonance/kit";
import { parseMsgId, parseUsername } from "@resonance/mq-proto";
import {
  deploymentOf,
  depsOf,
  namespaceOf,
  openTestCluster,
  podOf,
  type TestCluster,
} from "@resonance/ops-mcp/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerCall, type Permit } from "../loop/answer-call.ts";
import { refuseWrite } from "../testing/refuse-write.ts";
import { openOpsSource } from "../tools/ops-source.ts";
import { may, targetOf } from "./may.ts";
import { policySchema } from "./policy.ts";

const signal = AbortSignal.timeout(60_000);
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await openTestCluster(undefined, signal);
  await cluster.create(namespaceOf("shop"));
  for (const name of ["team-b-api", "team-a-web", "resonance-gateway"]) {
    await cluster.create(deploymentOf(name));
    await cluster.create(podOf(`${name}-1`, { app: name }));
    const at = new Date(Date.now() - 60_000).toISOString();
    const where = { namespace: "shop", pod: `${name}-1`, container: "main" };
    cluster.logs.set(where, [{ at, text: `words of ${name}` }]);
  }
}, 60_000);
afterAll(() => cluster[Symbol.asyncDispose]());

const policy = policySchema.parse({
  version: 1,
  read: [{ role: "user", tools: ["*"], services: ["team-a-*", "gateway"] }],
});

const permit: Permit = async ({ name, input }, definition) => {
  const use = { tool: name, target: targetOf(input, definition) };
  const who = { requester: "user", sessionId: "s", present: ["user"] } as const;
  return may(policy, "read", use, who).allowed ? undefined : "the policy does not allow it";
};

async function ask(name: string, service: string) {
  await using tools = openOpsSource(
    depsOf({ kubernetes: cluster.apiOf("admin", ["shop"]) }, { nowMs: Date.now }),
  );
  const context = {
    requester: parseUsername("alice"),
    sessionId: "s",
    msgId: parseMsgId(1n),
    asked: "",
    language: "en",
    nowMs: Date.now(),
    isRepeated: false,
  } as const;
  const log = createLogger("test", "silent");
  const deps = { permit, tools, onWrite: refuseWrite, toolTimeoutMs: 20_000, log };
  return await answerCall(deps, { id: "c1", name, input: { service } }, context, signal);
}

const tools = ["get_logs", "list_pods", "list_events", "describe", "diagnose"];

test.each(tools)(
  "%s of a name that is taken for a forbidden one shows nothing of it",
  async (name) => {
    const outcome = await ask(name, "team-a-api");

    expect(outcome.text).toMatch(/^NOT ALLOWED: /);
    expect(JSON.stringify(outcome)).not.toContain("team-b");
  },
);

test.each(["team-a-web", "team-a-wbe", "gateway"])(
  "a name that means what is allowed is answered: %s",
  async (service) => {
    const outcome = await ask("get_logs", service);

    expect(outcome.text).toMatch(/words of (?:team-a-web|resonance-gateway)/);
  },
);
