import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuditLog, listNewest, verifyAudit } from "@resonance/audit";
import { type Database, openDatabase } from "@resonance/db";
import { createLogger } from "@resonance/kit";
import { migrate } from "@resonance/migrations";
import { parseSessionId, parseUsername } from "@resonance/mq-proto";
import { createLocalRestarter, type Restarter, ToolError } from "@resonance/ops-mcp";
import { eventually } from "@resonance/testkit";
import { openTestDatabase } from "@resonance/testkit/vitest";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { proposalCommands } from "../commands/proposal-commands.ts";
import { type Policy, policySchema } from "../permission/policy.ts";
import { fixedPolicy, openPolicyFile } from "../permission/policy-file.ts";
import { claimProposal, findProposal } from "../sql/proposals.ts";
import { questionOf } from "../testing/question-of.ts";
import { openShakyDatabase } from "../testing/shaky-database.ts";
import { decide, type Verdict } from "./decide.ts";
import { executeNext } from "./execute.ts";
import { ProposalKeeper } from "./proposal-keeper.ts";
import { proposeWrites } from "./propose.ts";

const key = "a key of thirty-two bytes, or of more";
const log = createLogger("proposals-test", "silent");
const never = new AbortController().signal;
const session = "group:1";
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let db: Database;
let folder: string;
let starts: string[];

const basePolicy = policySchema.parse({
  version: 1,
  read: [{ role: "user", tools: ["*"] }],
  propose: [{ role: "user", tools: ["restart_service"] }],
  approve: [{ role: "admin", tools: ["restart_service"] }],
});

beforeAll(async () => {
  database = await openTestDatabase();
  await migrate({ url: database.url, signal: AbortSignal.timeout(60_000) });
  db = openDatabase(database.url);
  await db.execute("INSERT INTO t_session (session_id, type, name) VALUES (?, 2, 'ops')", [
    session,
  ]);
  await seed();
});

/** Who there is, and where. */
async function seed(): Promise<void> {
  await db.execute("REPLACE INTO t_user (username, nickname, password, role) VALUES ?", [
    [
      ["alice", "alice", "!", "user"],
      ["oscar", "oscar", "!", "operator"],
      ["ada", "ada", "!", "admin"],
      ["bea", "bea", "!", "admin"],
      ["eve", "eve", "!", "admin"],
    ],
  ]);
  await db.execute("REPLACE INTO t_session_member (session_id, username) VALUES ?", [
    ["alice", "oscar", "ada", "bea", "ops-bot"].map((name) => [session, name]),
  ]);
}
afterAll(async () => {
  await db?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await db.execute("DELETE FROM t_bot_proposal");
  folder = mkdtempSync(join(tmpdir(), "proposals-"));
  starts = [];
  writeStack("2026-01-25T12:00:00Z", 100);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the starter of a stack writes about its services. */
function writeStack(startedAt: string, pid: number, state = "running"): void {
  const services = ["task", "gateway", "mysql"].map((name) => ({
    name,
    kind: name === "mysql" ? "server" : "service",
    pid: state === "running" ? pid : null,
    state,
    startedAt,
  }));
  writeFileSync(join(folder, "services.json"), JSON.stringify({ startedAt, services }));
}

/** The stack's own way: it ends the process and starts another one. */
function restart(service: string): void {
  starts.push(service);
  writeStack(new Date(Date.now() + starts.length).toISOString(), 100 + starts.length);
}

function world(policy: Partial<Policy> = {}, requestRestart: typeof restart | null = restart) {
  const local = { stackFile: join(folder, "services.json") } as Parameters<
    typeof createLocalRestarter
  >[0];
  const restarter: Restarter = createLocalRestarter(local, requestRestart ?? undefined);
  const said: { clientMsgId: string; content: string }[] = [];
  const deps = {
    db,
    policy: fixedPolicy({ ...basePolicy, ...policy }),
    restarter,
    audit: new AuditLog(db, key),
    bot: "ops-bot",
    redact: (text: string) => text,
    wake: () => undefined,
    owner: "worker-1",
    leaseMs: 5_000,
    watchMs: 2_000,
    lookEveryMs: 10,
    everyMs: 20,
    say: async (_session: string, clientMsgId: string, content: string) => {
      said.push({ clientMsgId, content });
      return true;
    },
    log,
  };
  return { deps, said };
}

type Deps = ReturnType<typeof world>["deps"];

async function propose(
  deps: Deps,
  asked = "please restart task",
  service = "task",
  language: Verdict["language"] = "en",
) {
  const call = { id: "c1", name: "restart_service", input: { service, reason: "it is stuck" } };
  const context = {
    requester: "alice" as never,
    sessionId: session,
    msgId: 7n,
    asked,
    language,
    nowMs: Date.now(),
  };
  return await proposeWrites(deps)(call, {} as never, context, never);
}

async function proposedId(deps: Deps, language?: Verdict["language"]): Promise<string> {
  const { data } = await propose(deps, undefined, undefined, language);
  return (data as { proposal: string }).proposal;
}

let lastMsgId = 9n;

/** In a message of its own, unless told. */
function say(id: string, by: string, more: Partial<Verdict> = {}): Verdict {
  const where = { sessionId: session, msgId: ++lastMsgId, language: "en" as const };
  return { verdict: "approved", id, digest: undefined, by, ...where, ...more };
}

test("a proposal is shown, approved, carried out once, watched, and its outcome said", async () => {
  const { deps, said } = world();
  const id = await proposedId(deps);
  await using keeper = new ProposalKeeper(deps);
  await eventually(() => said.length === 1);
  expect(said[0]?.clientMsgId).toBe(`proposal:${id}`);
  // It is in a group, where the bot hears what mentions it.
  expect(said[0]?.content).toContain(`Approve: \`@ops-bot /approve ${id}\``);
  expect(starts).toEqual([]);

  const answer = await decide({ ...deps, wake: () => keeper.wake() }, say(id, "ada"));

  expect(answer).toContain(`Proposal ${id} is approved`);
  await eventually(() => said.length === 2);
  expect(starts).toEqual(["task"]);
  expect(said[1]?.content).toMatch(new RegExp(`^\\*\\*Proposal \`${id}\`: done\\*\\*`));
  expect(await findProposal(db, id)).toMatchObject({ state: "succeeded", decidedBy: "ada" });
  const kinds = (await listNewest(db, 4)).map(({ kind }) => kind).reverse();
  expect(kinds).toEqual(["proposal", "decision", "execution", "outcome"]);
  expect((await verifyAudit(db, key)).flaws).toEqual([]);
});

test.each([
  ["somebody without the role", "alice", {}, "Your role may not decide"],
  ["an operator", "oscar", {}, "Your role may not decide"],
  ["an administrator of another conversation", "eve", {}, "no member"],
  ["somebody who saw another change", "ada", { digest: "000000" }, "not what was shown"],
] as const)("%s approves nothing, and the attempt is on record", async (_who, by, more, words) => {
  const { deps } = world();
  const id = await proposedId(deps);

  expect(await decide(deps, say(id, by, more))).toContain(words);

  expect(await findProposal(db, id)).toMatchObject({ state: "pending" });
  const [row] = await listNewest(db, 1);
  expect(row).toMatchObject({ kind: "decision", actor: by });
  expect(row?.details).toContain("refused");
});

test("a decision is taken once, from however many tabs", async () => {
  const { deps } = world();
  const id = await proposedId(deps);

  const answers = await Promise.all(
    ["ada", "bea", "ada", "ada"].map((by) => decide(deps, say(id, by))),
  );
  while (await executeNext(deps, never));

  expect(answers.filter((answer) => answer.includes("is approved"))).toHaveLength(1);
  expect(starts).toEqual(["task"]);
  expect(await decide(deps, say(id, "bea"))).toContain("decided already");
});

test.each([
  ["approved", "is approved", ["task"]],
  ["rejected", "is rejected", []],
] as const)(
  "a message that has %s is answered the same when it is read again",
  async (verdict, words, started) => {
    const { deps } = world();
    const id = await proposedId(deps);
    const said = say(id, "ada", { verdict });
    const first = await decide(deps, said);

    const again = await decide(deps, said);
    while (await executeNext(deps, never));

    expect(first).toContain(words);
    expect(again).toBe(first);
    expect(await decide(deps, said)).toBe(first);
    expect(starts).toEqual(started);
    const rows = await db.query<{ details: string }>(
      "SELECT details FROM t_audit WHERE kind = 'decision' AND msg_id = ?",
      [said.msgId],
    );
    expect(rows.map(({ details }) => JSON.parse(details).result)).toEqual(["taken"]);
  },
);

test("of decisions that come at once, one is on record as taken", async () => {
  const { deps } = world();
  const id = await proposedId(deps);

  await Promise.all([
    decide(deps, say(id, "ada")),
    decide(deps, say(id, "bea", { verdict: "rejected" })),
  ]);

  const rows = await listNewest(db, 2);
  const results = rows.map(({ details }) => JSON.parse(details).result as string);
  expect(results.toSorted()).toEqual(["refused: decided", "taken"]);
  const taken = rows.find(({ details }) => details.includes('"taken"'));
  expect(await findProposal(db, id)).toMatchObject({ decidedBy: taken?.actor });
});

test("what was approved and then left lying is not carried out long after", async () => {
  const { deps } = world();
  const id = await proposedId(deps);
  await decide(deps, say(id, "ada"));
  // Nobody was there to carry it out.
  await db.execute("UPDATE t_bot_proposal SET expires_at = NOW(3) - INTERVAL 1 HOUR");

  await executeNext(deps, never);

  expect(starts).toEqual([]);
  const end = await findProposal(db, id);
  expect(end).toMatchObject({ state: "void" });
  expect(end?.outcome).toContain("too long ago");
});

test("what has expired, was rejected, or is unknown cannot be approved", async () => {
  const { deps } = world();
  const expired = await proposedId(deps);
  await db.execute("UPDATE t_bot_proposal SET expires_at = NOW(3) - INTERVAL 1 SECOND");
  expect(await decide(deps, say(expired, "ada"))).toContain("has expired");
  await db.execute("DELETE FROM t_bot_proposal");

  const rejected = await proposedId(deps);
  expect(await decide(deps, say(rejected, "alice", { verdict: "rejected" }))).toContain("rejected");
  expect(await decide(deps, say(rejected, "ada"))).toContain("decided already: rejected");
  expect(await decide(deps, say("nosuch", "ada"))).toContain("There is no proposal");
  expect(await executeNext(deps, never)).toBe(false);
  expect(starts).toEqual([]);
});

test("where four eyes are asked for, the requester is not the one who approves", async () => {
  const fourEyes = [{ tools: ["restart_service"], services: ["task"], namespaces: ["*"] }];
  const { deps } = world({ fourEyes });
  await db.execute("UPDATE t_user SET role = 'admin' WHERE username = 'alice'");
  const id = await proposedId(deps);

  expect(await decide(deps, say(id, "alice"))).toContain("other than who asked");
  expect(await decide(deps, say(id, "bea"))).toContain("is approved");
  await db.execute("UPDATE t_user SET role = 'user' WHERE username = 'alice'");
});

test.each([
  ["the target", () => writeStack("2026-01-25T13:00:00Z", 200), "has changed"],
  [
    "the arguments",
    () => db.execute(`UPDATE t_bot_proposal SET target_id = 'gateway', service = 'gateway'`),
    "was changed",
  ],
  [
    "the approver's role",
    () => db.execute("UPDATE t_user SET role = 'user' WHERE username = 'ada'"),
    "may not approve it any more",
  ],
] as const)(
  "when %s has changed after the decision, nothing is done",
  async (_what, change, why) => {
    const { deps } = world();
    const id = await proposedId(deps);
    await decide(deps, say(id, "ada"));

    await change();
    await executeNext(deps, never);

    expect(starts).toEqual([]);
    const end = await findProposal(db, id);
    expect(end?.state).toBe("void");
    expect(end?.outcome).toContain(why);
    await db.execute("UPDATE t_user SET role = 'admin' WHERE username = 'ada'");
  },
);

test.each([
  [
    "who asked has lost the role",
    "UPDATE t_user SET role = 'user' WHERE username = 'alice'",
    "alice may not ask",
  ],
  [
    "who asked is disabled",
    "UPDATE t_user SET disabled_at = NOW() WHERE username = 'alice'",
    "alice may not ask",
  ],
  [
    "who asked has left",
    "DELETE FROM t_session_member WHERE username = 'alice'",
    "alice may not ask",
  ],
  [
    "who approved is disabled",
    "UPDATE t_user SET disabled_at = NOW() WHERE username = 'ada'",
    "ada may not approve",
  ],
] as const)("where %s meanwhile, nothing is done, and it says so", async (_what, change, why) => {
  const { deps, said } = world({
    propose: [{ ...basePolicy.propose[0], role: "operator", tools: ["*"] } as never],
  });
  await db.execute("UPDATE t_session_member m JOIN t_user u USING (username) SET u.role = 'admin'");
  const id = await proposedId(deps);
  // Of the requester it happens while nobody has decided.
  if (change.includes("alice")) await db.execute(change);
  await decide(deps, say(id, "ada"));
  if (change.includes("ada")) await db.execute(change);

  await using _keeper = new ProposalKeeper(deps);

  await eventually(() => expect(said.at(-1)?.content).toContain(why));
  expect(starts).toEqual([]);
  expect(await findProposal(db, id)).toMatchObject({ state: "void" });
  await seed();
});

describe("four eyes that a changed policy file asks for", () => {
  const fourEyes = [{ tools: ["restart_service"] }];
  const rules = { version: 1, propose: basePolicy.propose, approve: basePolicy.approve };

  async function openPolicy() {
    const file = join(folder, "policy.json");
    const write = (policy: object) => writeFileSync(file, JSON.stringify(policy));
    write(rules);
    let now = 0;
    const policy = await openPolicyFile(
      file,
      log,
      () => undefined,
      () => (now += 10_000),
    );
    return {
      deps: { ...world().deps, policy },
      askForFourEyes: () => write({ ...rules, fourEyes }),
    };
  }

  test("hold for a proposal that is pending", async () => {
    const { deps, askForFourEyes } = await openPolicy();
    await db.execute("UPDATE t_user SET role = 'admin' WHERE username = 'alice'");
    const id = await proposedId(deps);
    askForFourEyes();

    expect(await decide(deps, say(id, "alice"))).toContain("other than who asked");
    expect(await decide(deps, say(id, "bea"))).toContain("is approved");
    await executeNext(deps, never);
    expect(starts).toEqual(["task"]);
    await seed();
  });

  test("hold for one that its requester has approved and that has not begun", async () => {
    const { deps, askForFourEyes } = await openPolicy();
    await db.execute("UPDATE t_user SET role = 'admin' WHERE username = 'alice'");
    const id = await proposedId(deps);
    expect(await decide(deps, say(id, "alice"))).toContain("is approved");
    askForFourEyes();

    await executeNext(deps, never);

    expect(starts).toEqual([]);
    const end = await findProposal(db, id);
    expect(end).toMatchObject({ state: "void" });
    expect(end?.outcome).toContain("somebody other than alice");
    await seed();
  });
});

test("a decision is answered in the language of the proposal", async () => {
  const { deps } = world();
  const id = await proposedId(deps);
  await db.execute("UPDATE t_bot_proposal SET language = 'zh'");

  expect(await decide(deps, say(id, "oscar"))).toContain("您的角色不能审批");
  expect(await decide(deps, say(id, "ada"))).toContain("已批准提案");
});

test("nothing is proposed for what the person has not named, whatever has been read", async () => {
  const { deps } = world();

  const outcome = await propose(deps, "why is the gateway slow?", "task");

  expect(outcome.text).toContain("has not named task");
  expect((await propose(deps, "重启推送服务")).text).toContain("Proposed as");
});

test("a service whose name is like the one that was named is not taken for it", async () => {
  const { deps } = world();
  const services = ["team-a-api", "team-b-api"].map((name) => ({
    name,
    kind: "service",
    pid: 1,
    state: "running",
    startedAt: "2026-01-25T12:00:00Z",
  }));
  const stack = { startedAt: "2026-01-25T12:00:00Z", services };
  writeFileSync(join(folder, "services.json"), JSON.stringify(stack));

  const other = await propose(deps, "why is team-a-api slow?", "team-b-api");
  const misspelt = await propose(deps, "restart team-a-apj", "team-a-api");

  expect(other.text).toContain("has not named team-b-api");
  expect(misspelt.text).toContain("Proposed as");
});

test.each([
  [
    "a freeze",
    {
      freeze: [
        { from: "2020-01-01T00:00:00Z", until: "2099-01-01T00:00:00Z", reason: "audit week" },
      ],
    },
    "audit week",
  ],
  ["a role that is too low", { propose: [] }, "does not allow"],
  ["the bot itself", { bot: { tools: ["get_logs"] } }, "does not allow"],
] as const)("%s stands against a proposal", async (_what, policy, words) => {
  const { deps } = world({ ...basePolicy, ...JSON.parse(JSON.stringify(policy)) });

  expect((await propose(deps)).text).toContain(words);
});

test("one target has one open proposal, and a cool-down after it was restarted", async () => {
  const { deps } = world();
  const id = await proposedId(deps);
  expect(await propose(deps)).toMatchObject({
    text: expect.stringContaining(`proposed already, as ${id}`),
    data: { proposal: id, mention: "@ops-bot " },
  });
  await decide(deps, say(id, "ada"));
  await executeNext(deps, never);

  expect((await propose(deps)).text).toContain("was restarted 0 min ago");
  expect((await propose(deps, "重启 task", "task", "zh")).text).toContain("0 分钟前刚重启过");
});

test("what several ask for at once is one proposal, whichever process they ask", async () => {
  const worlds = [world(), world()];

  const outcomes = await Promise.all([...worlds, ...worlds].map(({ deps }) => propose(deps)));

  const ids = outcomes.map(({ data }) => (data as { proposal: string }).proposal);
  expect(new Set(ids).size).toBe(1);
  expect(await db.query("SELECT proposal_id FROM t_bot_proposal")).toHaveLength(1);
  expect((await verifyAudit(db, key)).flaws).toEqual([]);
});

describe("a bot whose clock is wrong", () => {
  const minute = 60_000;
  afterEach(() => {
    vi.useRealTimers();
  });

  function setClock(offMs: number): void {
    vi.useRealTimers();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + offMs });
  }

  test.each([
    ["10 min behind", -10 * minute],
    ["15 min ahead", 15 * minute],
  ])("%s, proposes what can be decided for as long as the policy says", async (_how, offMs) => {
    const { deps, said } = world();
    setClock(offMs);

    const id = await proposedId(deps);
    await using _keeper = new ProposalKeeper(deps);
    await eventually(() => said.length === 1);

    const [row] = await db.query<{ seconds: bigint }>(
      "SELECT TIMESTAMPDIFF(SECOND, created_at, expires_at) AS seconds FROM t_bot_proposal",
    );
    expect(row?.seconds).toBe(600n);
    expect(said[0]?.content).toContain("within 10 min");
    expect(await decide(deps, say(id, "ada"))).toContain("is approved");
  });

  test.each([
    ["10 min behind", -10 * minute],
    ["35 min ahead", 35 * minute],
  ])("%s, decides, carries out and cools down as another would", async (_how, offMs) => {
    const { deps } = world();
    const expired = await proposedId(deps);
    await db.execute("UPDATE t_bot_proposal SET expires_at = NOW(3) - INTERVAL 1 SECOND");
    const id = await proposedId(deps);
    setClock(offMs);

    expect(await decide(deps, say(expired, "ada"))).toContain("has expired");
    expect(await decide(deps, say(id, "ada"))).toContain("is approved");
    await executeNext(deps, never);

    expect(await findProposal(db, id)).toMatchObject({ state: "succeeded" });
    vi.useRealTimers();
    expect((await propose(deps)).text).toContain("was restarted 0 min ago");
    setClock(offMs);
    expect((await propose(deps)).text).toContain("can be again in 5 min");
  });

  test.each([
    ["10 min behind", -10 * minute],
    ["35 min ahead", 35 * minute],
  ])("%s, watches what another has begun for as long as it is told", async (_how, offMs) => {
    const { deps } = world({}, () => writeStack("2026-01-25T12:00:00Z", 100, "restarting"));
    const id = await proposedId(deps);
    await decide(deps, say(id, "ada"));
    await claimProposal(db, "ops-bot", "worker-1", 1);
    await db.execute(
      "UPDATE t_bot_proposal SET begun_at = NOW(3), lease_until = NOW(3) - INTERVAL 1 SECOND",
    );
    setClock(offMs);
    let looks = 0;
    const restarter: Restarter = {
      ...deps.restarter,
      look: (target, signal) => {
        looks += 1;
        return deps.restarter.look(target, signal);
      },
    };

    await executeNext({ ...deps, restarter, watchMs: 300 }, never);

    expect(await findProposal(db, id)).toMatchObject({ state: "stuck" });
    expect(looks).toBeGreaterThan(1);
  });
});

test("whoever comes too late to watch looks once, and sees that it is well", async () => {
  const { deps } = world();
  const id = await proposedId(deps);
  await decide(deps, say(id, "ada"));

  await executeNext({ ...deps, watchMs: 0 }, never);

  expect(await findProposal(db, id)).toMatchObject({ state: "succeeded" });
});

test("a begin whose answer is late is watched, since it may have begun", async () => {
  const { deps } = world();
  const restarter: Restarter = {
    ...deps.restarter,
    begin: async (target, signal) => {
      await deps.restarter.begin(target, signal);
      throw new ToolError("timed_out", "Kubernetes did not answer in time");
    },
  };
  const id = await proposedId(deps);
  await decide(deps, say(id, "ada"));

  await executeNext({ ...deps, restarter }, never);

  expect(starts).toEqual(["task"]);
  expect(await findProposal(db, id)).toMatchObject({ state: "succeeded" });
});

test("a rollout that does not come to an end is called stuck", async () => {
  const { deps } = world({}, (service) => {
    starts.push(service);
    writeStack("2026-01-25T12:00:00Z", 100, "restarting");
  });
  const id = await proposedId(deps);
  await decide(deps, say(id, "ada"));

  await executeNext({ ...deps, watchMs: 100 }, never);

  expect(await findProposal(db, id)).toMatchObject({ state: "stuck" });
});

describe("while the database is away", () => {
  async function openAway() {
    const { deps } = world();
    await using opening = new AsyncDisposableStack();
    const shaky = opening.use(await openShakyDatabase(database.url));
    const away = opening.use(openDatabase(shaky.url));
    const audit = new AuditLog(away, key);
    const onWrite = proposeWrites({ ...deps, db: away, audit });
    const ask = (command: "/restart" | "/approve" | "/reject", text: string) => {
      const from = { from: parseUsername("ada"), sessionId: parseSessionId(session) };
      const question = { ...questionOf(`${command} ${text}`), ...from };
      return proposalCommands[command]({ ...deps, db: away, audit, onWrite }, question, never);
    };
    const open = opening.move();
    return { deps, shaky, ask, [Symbol.asyncDispose]: () => open.disposeAsync() };
  }

  test.each([
    ["/approve", "is approved", "approved"],
    ["/reject", "is rejected", "rejected"],
  ] as const)("%s waits for it", async (command, words, state) => {
    await using away = await openAway();
    const id = await proposedId(away.deps);
    const outage = away.shaky.outage();

    expect(await away.ask(command, id)).toContain(words);

    await outage;
    expect(await findProposal(db, id)).toMatchObject({ state, decidedBy: "ada" });
  });

  test("/restart waits for it", async () => {
    await using away = await openAway();
    const outage = away.shaky.outage();

    expect(await away.ask("/restart", "task it hangs")).toContain("It is proposed as");

    await outage;
    expect(await db.query("SELECT proposal_id FROM t_bot_proposal")).toHaveLength(1);
  });
});

test.each([
  ["what is not there", "消息队列 nats 重启一下", "nats", "没有找到这个服务"],
  ["a server", "重启 mysql", "mysql", "mysql 是整个系统所依赖的服务器"],
  ["what is not named", "重启它", "task", "提问的人没有说到 task"],
])("why %s is not proposed is told in Chinese", async (_what, asked, service, words) => {
  const { deps } = world();

  const { data } = await propose(deps, asked, service, "zh");

  expect((data as { refused: string }).refused).toContain(words);
});

test("what somebody else proposed in this moment and is over already is told in Chinese", async () => {
  const { deps } = world();
  const audit = { ...deps.audit, appendWith: async () => false } as never;

  const { data } = await propose({ ...deps, audit }, "重启 task", "task", "zh");

  expect((data as { refused: string }).refused).toBe("刚才已有人提出过。");
});

test.each([
  ["not begun", null, "没有可以重启它的地方"],
  ["well", restart, "运行正常，进程号 101"],
  [
    "stuck",
    () => writeStack("2026-01-25T12:00:00Z", 100, "restarting"),
    "0 秒后仍未恢复正常：task 正在重启",
  ],
])("the outcome of a Chinese proposal is told in Chinese: %s", async (_what, begin, words) => {
  const { deps } = world({}, begin);
  const id = await proposedId(deps, "zh");
  await decide(deps, say(id, "ada"));

  await executeNext({ ...deps, watchMs: 0 }, never);

  expect((await findProposal(db, id))?.outcome).toContain(words);
});

class Killed extends Error {}

/** A process that dies at this point never does another thing. */
function dyingAt(point: string, deps: Deps): Deps {
  const die = () => {
    throw new Killed(point);
  };
  const { audit, restarter } = deps;
  return {
    ...deps,
    audit: {
      append: async (entry) => {
        if (point === "before it is on record" && entry.kind === "execution") die();
        await audit.append(entry);
        if (point === "after it is on record" && entry.kind === "execution") die();
        if (point === "before the outcome is stored" && entry.kind === "outcome") die();
      },
    } as Deps["audit"],
    restarter: {
      ...restarter,
      begin: async (target, signal) => {
        if (point === "before it is begun") die();
        await restarter.begin(target, signal);
        if (point === "after it is begun") die();
      },
      look: (target, signal) =>
        point === "while it is watched" ? die() : restarter.look(target, signal),
    },
  };
}

test.each([
  ["after it is claimed", 1],
  ["before it is on record", 1],
  ["after it is on record", 1],
  ["before it is begun", 0],
  ["after it is begun", 1],
  ["while it is watched", 1],
  ["before the outcome is stored", 1],
] as const)(
  "a worker that dies %s leaves at most one restart, and an outcome",
  async (point, times) => {
    const { deps } = world();
    const id = await proposedId(deps);
    await decide(deps, say(id, "ada"));
    if (point === "after it is claimed") await claimProposal(db, "ops-bot", "worker-1", 1);
    else {
      const dying = dyingAt(point, { ...deps, leaseMs: 1, watchMs: 200 });
      await executeNext(dying, never).catch(() => undefined);
    }
    // A failed begin is an answer of the restarter; a death is none.
    await db.execute(
      "UPDATE t_bot_proposal SET state = 'executing', lease_until = NOW(3) - INTERVAL 1 SECOND, outcome = NULL WHERE state <> 'succeeded'",
    );

    const next = { ...deps, owner: "worker-2", watchMs: 500 };
    while (await executeNext(next, never));

    expect(starts).toHaveLength(times);
    const end = await findProposal(db, id);
    expect(end?.state).toBe(times === 1 ? "succeeded" : "stuck");
  },
);
