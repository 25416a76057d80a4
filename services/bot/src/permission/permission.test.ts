import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@resonance/kit";
import { opsTools } from "@resonance/ops-mcp";
import { expect, test } from "vitest";
import { type Action, frozenBecause, may, needsFourEyes, targetOf } from "./may.ts";
import {
  localPolicy,
  type Policy,
  policySchema,
  type Role,
  roles,
  shippedPolicy,
} from "./policy.ts";
import { openPolicyFile } from "./policy-file.ts";
import { readPolicy } from "./read-policy.ts";

const nothing = { service: undefined, namespace: undefined };
const tools = [...Object.keys(opsTools), "read_artifact", "weather__forecast"];
const kinds = {
  "alone with the bot": (role: Role) => [role],
  "a group of operators": (role: Role): Role[] => [role, "operator", "operator"],
  "a group with users": (role: Role): Role[] => [role, "user", "admin"],
} as const;

/** What the shipped policy is meant to say, written down a second time and in another way. */
function expected(action: Action, tool: string, role: Role, present: readonly Role[]): boolean {
  const least: Record<Action, Role | undefined> = {
    read: tool === "im_status" ? "user" : "operator",
    propose: tool === "restart_service" ? "operator" : undefined,
    approve: tool === "restart_service" ? "admin" : undefined,
  };
  const needed = least[action];
  if (needed === undefined) return false;
  const reach = (one: Role) => roles.indexOf(one) >= roles.indexOf(needed);
  return reach(role) && (action === "approve" || present.every(reach));
}

test.each(
  Object.entries(kinds).flatMap(([kind, of]) =>
    roles.flatMap((role) =>
      tools.flatMap((tool) =>
        (["read", "propose", "approve"] as const).map(
          (action) => [kind, role, action, tool, of(role)] as const,
        ),
      ),
    ),
  ),
)("in %s, %s to %s %s is as the shipped policy says", (_kind, role, action, tool, present) => {
  const circumstances = { requester: role, sessionId: "s", present };

  const { allowed } = may(shippedPolicy, action, { tool, target: nothing }, circumstances);

  expect(allowed).toBe(expected(action, tool, role, present));
});

const logsTool = {
  inputSchema: { properties: { service: {}, namespace: {}, query: {} } },
};

function decide(policy: object, role: Role, input: object, extra: { present?: Role[] } = {}) {
  return may(
    policySchema.parse({ version: 1, ...policy }),
    "read",
    { tool: "get_logs", target: targetOf(input, logsTool) },
    { requester: role, sessionId: "s", present: extra.present ?? [role] },
  );
}

const gatewayOnly = { read: [{ role: "user", tools: ["get_*"], services: ["gateway", "web-*"] }] };

test("a rule for some services holds for those alone, and not for all at once", () => {
  expect(decide(gatewayOnly, "user", { service: "gateway" }).allowed).toBe(true);
  expect(decide(gatewayOnly, "user", { service: "web-1" }).allowed).toBe(true);
  expect(decide(gatewayOnly, "admin", { service: "mysql" }).allowed).toBe(false);
  expect(decide(gatewayOnly, "admin", {}).allowed).toBe(false);
});

test("a rule for a namespace holds there alone", () => {
  const policy = { read: [{ role: "user", tools: ["*"], namespaces: ["prod"] }] };
  expect(decide(policy, "user", { namespace: "prod" }).allowed).toBe(true);
  expect(decide(policy, "admin", { namespace: "kube-system" }).allowed).toBe(false);
});

test("an argument that the tool does not read narrows nothing, and a query is everything", () => {
  const policy = { read: [{ role: "user", tools: ["*"], namespaces: ["prod"] }] };
  const alerts = { inputSchema: { properties: { service: {} } } };
  const extra = { service: "api", namespace: "prod", target: "gateway" };
  expect(targetOf(extra, alerts)).toEqual({ service: "api", namespace: undefined });
  expect(targetOf({ target: "gateway" }, alerts).service).toBeUndefined();
  const query = { namespace: "prod", query: "up" };
  expect(decide(policy, "admin", query).allowed).toBe(false);
});

test("why it is refused is said: the role, the others here, the session, the bot", () => {
  const read = [{ role: "operator", tools: ["*"] }];
  expect(decide({ read }, "user", {})).toMatchObject({ why: "role", needs: "operator" });
  expect(decide({ read }, "admin", {}, { present: ["admin", "user"] })).toMatchObject({
    why: "group",
  });
  expect(decide({ read, sessions: { s: { tools: ["im_status"] } } }, "admin", {})).toMatchObject({
    why: "session",
  });
  expect(decide({ read, bot: { tools: ["im_status"] } }, "admin", {})).toMatchObject({
    why: "bot",
  });
});

test("a policy that says nothing allows nothing", () => {
  expect(decide({}, "admin", {}).allowed).toBe(false);
});

test("on one's own machine everybody looks, and only an administrator lets things happen", () => {
  const at = { requester: "user", sessionId: "s", present: ["user"] } as const;
  const use = { tool: "get_logs", target: nothing };
  const restart = { tool: "restart_service", target: nothing };
  expect(may(localPolicy, "read", use, at).allowed).toBe(true);
  expect(may(localPolicy, "propose", restart, at).allowed).toBe(false);
  expect(may(localPolicy, "approve", restart, { ...at, requester: "operator" }).allowed).toBe(
    false,
  );
});

test("four eyes and freezes are for what they name", () => {
  const policy: Policy = policySchema.parse({
    version: 1,
    fourEyes: [{ tools: ["restart_service"], services: ["mysql"] }],
    freeze: [{ from: "2026-12-24T00:00:00Z", until: "2026-12-27T00:00:00Z", reason: "holidays" }],
  });
  const of = (service: string) => ({ service, namespace: undefined });
  expect(needsFourEyes(policy, "restart_service", of("mysql"))).toBe(true);
  expect(needsFourEyes(policy, "restart_service", of("task"))).toBe(false);
  expect(frozenBecause(policy, Date.parse("2026-12-25T00:00:00Z"))).toBe("holidays");
  expect(frozenBecause(policy, Date.parse("2026-12-27T00:00:00Z"))).toBeUndefined();
});

const broken = `version: 1
read:
  - role: operator
    tools: ["*"]
  - role: boss
    tools: ["*"]
    service: [gateway]
freeze:
  - from: tomorrow
    until: 2026-12-27T00:00:00Z
    reason: holidays
`;

test("every mistake of a file is named with its line", () => {
  const read = () => readPolicy(broken, "policy.yaml");
  expect(read).toThrow("policy.yaml has 3 problem(s)");
  expect(read).toThrow("line 5: read.1.role: must be user, operator or admin");
  expect(read).toThrow(/line 7: read\.1: Unrecognized key: "service"/);
  expect(read).toThrow(/line 9: freeze\.0\.from: must be a time/);
});

test("the example is a policy", () => {
  const path = new URL("../../../../docs/policy.example.yaml", import.meta.url);
  const policy = readPolicy(readFileSync(path, "utf8"), "policy.example.yaml");
  expect(policy.fourEyes).toHaveLength(1);
  expect(policy.read).toEqual(shippedPolicy.read);
});

test("a file that is no YAML is named with its line", () => {
  expect(() => readPolicy("version: 1\nread: [\n", "p.yaml")).toThrow(/line [23]: /);
  expect(() => readPolicy("", "p.yaml")).toThrow("line 1: policy: ");
});

test("a first file that is broken or missing is bad configuration, in plain words", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "policy-")), "policy.yaml");
  const open = () => openPolicyFile(path, createLogger("policy-test", "silent"), () => undefined);
  await expect(open()).rejects.toThrow(
    expect.objectContaining({ name: "ConfigError", message: expect.stringContaining(path) }),
  );
  writeFileSync(path, "version: 1\nread: [\n");
  await expect(open()).rejects.toThrow(expect.objectContaining({ name: "ConfigError" }));
});

test("a changed file holds at once, and a broken one changes nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "policy-"));
  const path = join(folder, "policy.yaml");
  const write = (role: string) =>
    writeFileSync(path, `version: 1\nread:\n  - role: ${role}\n    tools: ["*"]\n`);
  write("user");
  let now = 0;
  let changes = 0;
  const log = createLogger("policy-test", "silent");
  const source = await openPolicyFile(
    path,
    log,
    () => changes++,
    () => now,
  );
  const least = async () => (await source.current()).read[0]?.role;
  expect(await least()).toBe("user");

  write("operator");
  now += 2_000;
  expect(await least()).toBe("operator");
  write("nobody at all");
  now += 2_000;
  expect(await least()).toBe("operator");
  write("admin");
  now += 2_000;
  expect(await least()).toBe("admin");
  expect(changes).toBe(2);
  rmSync(folder, { recursive: true });
});
