import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { eventually } from "@resonance/testkit";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Failpoints, openFailpoints } from "./faults/testing/open-failpoints.ts";
import { openPerson, type Person } from "./testing/open-person.ts";
import { openTestStack, type TestStack } from "./testing/open-test-stack.ts";

const policy = {
  version: 1,
  read: [{ role: "user", tools: ["*"] }],
  propose: [{ role: "admin", tools: ["restart_service"] }],
  approve: [{ role: "admin", tools: ["restart_service"] }],
  coolDownMinutes: 0,
};
const patience = { timeoutMs: 30_000 };

const opened = new AsyncDisposableStack();
let stack: TestStack;
let failpoints: Failpoints;
let tabs: readonly Person[];
let admin: Person;
let db: Connection;

beforeAll(async () => {
  failpoints = opened.use(await openFailpoints());
  const policyFile = join(failpoints.folder, "policy.json");
  await writeFile(policyFile, JSON.stringify(policy));
  stack = opened.use(
    await openTestStack({
      RESONANCE_FAILPOINTS: failpoints.folder,
      RESONANCE_POLICY_FILE: policyFile,
      RESONANCE_BOT_LEASE_MS: "1500",
      RESONANCE_BOT_ROLLOUT_MS: "10000",
    }),
  );
  const account = {
    username: "admin",
    password: stack.adminPassword,
    isNew: false,
    lifeMs: 300_000,
  };
  tabs = [await openPerson(stack.url, account), await openPerson(stack.url, account)];
  [admin] = tabs as [Person];
  db = await createConnection({ uri: stack.mysqlUrl });
}, 120_000);
afterAll(async () => {
  await db?.end();
  await Promise.all(tabs?.map((tab) => tab[Symbol.asyncDispose]()) ?? []);
  await opened.disposeAsync();
}, 60_000);

/** Asks for a restart of Task, and waits for its card. */
async function propose(): Promise<string> {
  const { answer } = await admin.ask("/restart task it hangs");
  const id = /as `(\w{6})`/.exec(answer.content)?.[1];
  if (id === undefined) throw new Error(`nothing was proposed: ${answer.content}`);
  await eventually(() => said(`proposal:${id}`).length === 1, patience);
  return id;
}

function said(clientMsgId: string) {
  return admin.messages.filter((message) => message.clientMsgId === clientMsgId);
}

/** Every process of Task that there ever was, by what it wrote when it began its work. */
async function taskProcesses(): Promise<number> {
  const log = await readFile(stack.services.task.logFile, "utf8");
  const lines = log.split("\n").filter((line) => line.includes('"msg":"consuming"'));
  return new Set(lines.map((line) => JSON.parse(line).pid)).size;
}

async function stateOf(id: string): Promise<string> {
  const [rows] = await db.query<RowDataPacket[]>(
    "SELECT state FROM t_bot_proposal WHERE proposal_id = ?",
    [id],
  );
  return rows[0]?.state;
}

async function countOf(sql: string, ...values: readonly string[]): Promise<number> {
  const [rows] = await db.query<RowDataPacket[]>(`SELECT COUNT(*) AS n ${sql}`, [...values]);
  return Number(rows[0]?.n);
}

async function expectOneOutcome(id: string, state: string): Promise<void> {
  await eventually(() => said(`outcome:${id}`).length === 1, patience);
  const words = { succeeded: "done", stuck: "stuck" }[state];
  expect(said(`outcome:${id}`)[0]?.content).toMatch(
    new RegExp(`^\\*\\*Proposal \`${id}\`: ${words}\\*\\*`),
  );
  expect(await countOf("FROM t_message_content WHERE client_msg_id = ?", `outcome:${id}`)).toBe(1);
}

const auditCommand = fileURLToPath(new URL("../packages/audit/src/main.ts", import.meta.url));

/** What the operator's command says of the chain; it fails where a row is not as it was written. */
async function expectRecord(): Promise<void> {
  const env = { ...process.env, RESONANCE_HOME: stack.home };
  await promisify(execFile)(process.execPath, [auditCommand, "verify"], { env });
}

/** Ends a row of crashes: the longer it is, the later the bot is started again. */
async function endRowOfCrashes(): Promise<void> {
  const { bot } = stack.services;
  if (bot.restarts % 3 === 0) await bot.restart(AbortSignal.timeout(30_000));
}

test.each([
  ["bot.proposal_after_claim", [1]],
  ["bot.proposal_before_begin", [1]],
  // Whether it has begun is not known then, so it is not begun again.
  ["bot.proposal_marked", [0]],
  // The order may have died with who gave it.
  ["bot.proposal_after_begin", [0, 1]],
  ["bot.proposal_before_outcome", [1]],
  ["bot.proposal_after_outcome", [1]],
] as const)(
  "killed at %s, another worker sees it through: at most one restart, one outcome",
  { timeout: 60_000 },
  async (name, possible) => {
    const id = await propose();
    const before = await taskProcesses();
    const { pid } = stack.services.bot;
    await failpoints.arm(name, "kill");
    await admin.chat.send(
      { sessionId: admin.botSession, content: `/approve ${id}` },
      AbortSignal.timeout(30_000),
    );
    await failpoints.struck(name);

    await eventually(async () => {
      expect(["succeeded", "stuck"]).toContain(await stateOf(id));
    }, patience);

    const restarts = (await taskProcesses()) - before;
    expect(possible).toContain(restarts);
    await eventually(
      () => expect([undefined, pid]).not.toContain(stack.services.bot.pid),
      patience,
    );
    await expectOneOutcome(id, restarts === 1 ? "succeeded" : "stuck");
    await expectRecord();
    await endRowOfCrashes();
  },
);

test.each([
  ["approve", "approved", "succeeded", 1],
  ["reject", "rejected", "rejected", 0],
] as const)(
  "killed when /%s is taken and not yet answered, another worker answers it as it was taken",
  { timeout: 60_000 },
  async (command, word, state, restarts) => {
    const id = await propose();
    const before = await taskProcesses();
    await failpoints.arm("bot.before_answer", "kill");

    const { msgId } = await admin.chat.send(
      { sessionId: admin.botSession, content: `/${command} ${id}` },
      AbortSignal.timeout(30_000),
    );

    await failpoints.struck("bot.before_answer");
    await eventually(() => expect(said(`answer:${msgId}`)).toHaveLength(1), patience);
    expect(said(`answer:${msgId}`)[0]?.content).toContain(`${id} is ${word}`);
    expect(
      await countOf("FROM t_audit WHERE kind = 'decision' AND msg_id = ?", msgId.toString()),
    ).toBe(1);
    await eventually(async () => expect(await stateOf(id)).toBe(state), patience);
    await eventually(() => said(`outcome:${id}`).length === 1, patience);
    expect((await taskProcesses()) - before).toBe(restarts);
    await expectRecord();
    await endRowOfCrashes();
  },
);

test("approved from two tabs at once it is taken once, and again after a restart of the bot not at all", {
  timeout: 60_000,
}, async () => {
  const id = await propose();
  const before = await taskProcesses();

  const asked = await Promise.all(tabs.map((tab) => tab.ask(`/approve ${id}`)));

  const answers = asked.map(({ answer }) => answer.content);
  expect(answers.filter((text) => text.includes("is approved"))).toHaveLength(1);
  expect(answers.filter((text) => text.includes("decided already"))).toHaveLength(1);
  await expectOneOutcome(id, "succeeded");
  await stack.services.bot.restart(AbortSignal.timeout(30_000));
  expect((await admin.ask(`/approve ${id}`)).answer.content).toContain("decided already");
  // The message itself, delivered anew to the new worker.
  await db.query(
    "UPDATE t_bot_run SET state = 'queued', lease_owner = NULL WHERE command = '/approve'",
  );
  await eventually(
    async () =>
      expect(
        await countOf("FROM t_bot_run WHERE command = '/approve' AND state <> 'answered'"),
      ).toBe(0),
    patience,
  );
  expect((await taskProcesses()) - before).toBe(1);
  await expectRecord();
});

test("approved too late it is not done", { timeout: 60_000 }, async () => {
  const id = await propose();
  const before = await taskProcesses();
  await db.query(
    "UPDATE t_bot_proposal SET expires_at = NOW(3) - INTERVAL 1 SECOND WHERE proposal_id = ?",
    [id],
  );

  const { answer } = await admin.ask(`/approve ${id}`);

  expect(answer.content).toMatch(/has expired|decided already: expired/);
  await eventually(async () => expect(await stateOf(id)).toBe("expired"), patience);
  await eventually(() => said(`outcome:${id}`).length === 1, patience);
  expect(await taskProcesses()).toBe(before);
});
