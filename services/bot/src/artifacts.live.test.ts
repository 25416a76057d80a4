import { parseUsername } from "@resonance/mq-proto";
import { acrossCut, canaries, leaksIn, plantedSecrets } from "@resonance/ops-mcp/testing";
import { eventually } from "@resonance/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { BrainPort, BrainRequest, BrainStep } from "./brain/model-port.ts";
import { deleteExpiredArtifacts } from "./sql/artifacts.ts";
import { deleteOldRuns } from "./sql/runs.ts";
import { BotGround } from "./testing/bot-ground.ts";
import { openArtifactSource } from "./tools/artifact-source.ts";
import { outcomeOf } from "./tools/mcp/call-outcome.ts";
import { anyContext } from "./tools/mcp/testing/server-config.ts";
import type { ToolSource } from "./tools/tool-source.ts";

let ground: BotGround;

beforeAll(async () => {
  ground = await BotGround.open();
});
beforeEach(() => ground.reset());
afterAll(() => ground[Symbol.asyncDispose]());

const usage = { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 };
const lines = 20_000;

/** A tool whose result is too long, with a secret in the middle of it. */
const longSource: ToolSource = {
  name: "test",
  definitions: () => [
    { name: "read_all", description: "", inputSchema: { type: "object" }, access: "read" },
  ],
  call: async () => ({
    outcome: "ok",
    text: Array.from({ length: lines }, (_, index) =>
      index === 9_999 ? "needle, password=hunter2-hunter2" : `line ${index + 1}`,
    ).join("\n"),
  }),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** Asks for one call a step, of what was said last, and then repeats the last result. */
function brainOf(calls: readonly ((lastResult: string) => { name: string; input: unknown })[]) {
  const next = async ({ messages }: BrainRequest): Promise<BrainStep> => {
    const results = messages.flatMap((message) => (message.role === "tool" ? message.results : []));
    const last = results.at(-1)?.text ?? "";
    const call = calls[results.length]?.(last);
    if (!call) return { text: last, toolCalls: [], finish: "answer", usage };
    return { text: "", toolCalls: [{ id: "c", ...call }], finish: "tool_calls", usage };
  };
  return { name: "anthropic", model: "scripted", reach: "local", next } satisfies BrainPort;
}

const idIn = (text: string) => /artifact (a-[0-9a-f]{16})/.exec(text)?.[1] ?? "none";

async function answerOf(brain: BrainPort, fields = {}, source = longSource): Promise<string> {
  const logic = await ground.openLogic();
  await ground.openBot(brain, {}, [source, openArtifactSource(ground.db)]);
  const msgId = await ground.ask("read it all", fields);
  return await eventually(() => logic.answerTo(msgId) ?? false, { timeoutMs: 40_000 });
}

test("a long result is cut, and its artifact can be searched, without the secrets in it", async () => {
  const answer = await answerOf(
    brainOf([
      () => ({ name: "read_all", input: {} }),
      (last) => ({ name: "read_artifact", input: { id: idIn(last), grep: "NEEDLE" } }),
    ]),
  );
  expect(answer).toContain(`${lines} lines, 1 contain "NEEDLE"; 1 shown`);
  expect(answer).toMatch(/^10000: needle, password=/m);
  expect(answer).not.toContain("hunter2");
  const [row] = await ground.db.query<{ text: string }>("SELECT text FROM t_bot_artifact");
  expect(row?.text).not.toContain("hunter2");
});

/** What another's server answers: canaries across the cuts of lines, and one across 4 MiB. */
function leakyText(): string {
  const ours = plantedSecrets().filter(({ kind }) => kind.startsWith("canary_"));
  const lines = ours.flatMap((planted) => acrossCut(planted, 1_995, 0.6) ?? []);
  const head = lines.map((line) => `${line.trimEnd().replaceAll("\n", "\\n")}\n`).join("");
  const [driver] = canaries.driver;
  const filler = `${"nothing to report ".repeat(50)}\n`.repeat(6_000);
  const before = filler.slice(0, 4 * 1024 ** 2 - head.length - "im:CanaryDsn1".length - 1);
  return `${head}${before}\n${driver}\n${filler}`;
}

test("nothing of a secret is left where a result of another's server or its artifact is cut", async () => {
  const text = leakyText();
  const source: ToolSource = {
    ...longSource,
    call: async () => outcomeOf({ content: [{ type: "text", text }] }),
  };
  const from = (line: number) => (last: string) => ({
    name: "read_artifact",
    input: { id: idIn(last), from: line, lines: 9 },
  });
  const pages = [from(1), from(10), from(19)];

  const answer = await answerOf(
    brainOf([() => ({ name: "read_all", input: {} }), ...pages]),
    {},
    source,
  );

  const [row] = await ground.db.query<{ text: string }>("SELECT text FROM t_bot_artifact");
  const steps = await ground.db.query<object>("SELECT * FROM t_bot_step");
  const told = steps.flatMap((step) => Object.values(step).map(String)).join("\n");
  expect(answer).toMatch(/^19: /m);
  expect(row?.text).toContain("; the rest was dropped]");
  expect(told).toContain("[redacted]");
  expect(leaksIn(row?.text ?? "")).toEqual([]);
  expect(leaksIn(`${answer}\n${told}`)).toEqual([]);
}, 60_000);

test("an artifact is read by number, no more than 200 lines at once", async () => {
  const answer = await answerOf(
    brainOf([
      () => ({ name: "read_all", input: {} }),
      (last) => ({ name: "read_artifact", input: { id: idIn(last), from: 300 } }),
    ]),
  );
  expect(answer).toMatch(/200 shown; \d+ more from line 500 on/);
  expect(answer).toMatch(/^300: line 300$/m);
  expect(answer).not.toMatch(/^500:/m);
});

const mine = "a-0000000000000001";
const hers = "a-0000000000000002";
const over = "a-0000000000000003";

test.each([
  ["ok", { id: mine, grep: "needle" }, '3 lines, 1 contain "needle"; 1 shown.\n2: a needle'],
  ["no_data", { id: mine, grep: "pin" }, '3 lines, 0 contain "pin"; 0 shown.'],
  ["no_data", { id: mine, from: 4 }, "3 lines; 0 shown."],
  ["error", { id: hers }, `ERROR (bad_input): there is no artifact ${hers}`],
  ["error", { id: over }, `ERROR (bad_input): there is no artifact ${over}`],
  ["error", { id: "../secrets" }, "ERROR (bad_input): "],
  ["error", { id: mine, lines: 201 }, "ERROR (bad_input): "],
  ["error", {}, "ERROR (bad_input): "],
])("read_artifact ends as %s for %o", async (outcome, input, text) => {
  const context = { ...anyContext, requester: parseUsername("alice"), sessionId: "s" };
  for (const [id, requester, hours] of [
    [mine, "alice", 1],
    [hers, "eve", 1],
    [over, "alice", -1],
  ] as const) {
    await ground.db.execute(
      `INSERT INTO t_bot_artifact (artifact_id, msg_id, bot_username, session_id, requester, tool,
                                   text, expires_at)
       VALUES (?, 1, 'ops-bot', 's', ?, 'x', 'hay\na needle\nhay',
               NOW(3) + INTERVAL ? HOUR)`,
      [id, requester, hours],
    );
  }
  await using source = openArtifactSource(ground.db);

  const call = { name: "read_artifact", input };
  const result = await source.call(call, context, AbortSignal.timeout(10_000));

  expect(result.outcome).toBe(outcome);
  expect(result.text).toContain(text);
});

test("somebody else's artifact looks like none", async () => {
  await ground.db.execute(
    `INSERT INTO t_bot_artifact (artifact_id, msg_id, bot_username, session_id, requester, tool,
                                 text, expires_at)
     VALUES ('a-0123456789abcdef', 1, 'ops-bot', 'single:alice:ops-bot', 'alice', 'x', 'hers',
             NOW(3) + INTERVAL 1 DAY)`,
  );
  const reading = brainOf([() => ({ name: "read_artifact", input: { id: "a-0123456789abcdef" } })]);
  const answer = await answerOf(reading, { fromUsername: "eve", sessionId: "single:eve:ops-bot" });
  expect(answer).toContain("there is no artifact a-0123456789abcdef");
  expect(answer).not.toContain("hers");
});

test("artifacts go after a week, and runs with their steps after a month", async () => {
  const monthAgoMs = BigInt(Date.now() - 31 * 86_400_000);
  const [old, recent] = [monthAgoMs << 22n, BigInt(Date.now()) << 22n];
  for (const [msgId, state] of [
    [old, "answered"],
    [old + 1n, "queued"],
    [recent, "answered"],
  ]) {
    await ground.db.execute(
      `INSERT INTO t_bot_run (msg_id, bot_username, session_id, seq_id, requester, language, state)
       VALUES (?, 'ops-bot', 's', 1, 'alice', 'en', ?)`,
      [msgId ?? 0n, state ?? ""],
    );
    await ground.db.execute(
      `INSERT INTO t_bot_step (msg_id, bot_username, number, kind, name, state)
       VALUES (?, 'ops-bot', 1, 'model', 'm', 'done')`,
      [msgId ?? 0n],
    );
  }
  await ground.db.execute(
    `INSERT INTO t_bot_artifact (artifact_id, msg_id, bot_username, session_id, requester, tool,
                                 text, expires_at)
     VALUES ('a-1', 1, 'ops-bot', 's', 'alice', 'x', 'old', NOW(3) - INTERVAL 1 SECOND)`,
  );

  expect(await deleteOldRuns(ground.db, 100)).toBe(1);
  expect(await deleteExpiredArtifacts(ground.db, 100)).toBe(1);

  const left = await ground.db.query("SELECT msg_id AS msgId FROM t_bot_step ORDER BY msg_id");
  expect(left).toEqual([{ msgId: old + 1n }, { msgId: recent }]);
});
