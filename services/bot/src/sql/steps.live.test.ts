import { type Database, openDatabase, openPipeline, type Pipeline } from "@resonance/db";
import { migrate } from "@resonance/migrations";
import { parseMsgId, parseSessionId, parseUsername } from "@resonance/mq-proto";
import { openTestDatabase } from "@resonance/testkit/vitest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Transcript } from "../loop/transcript.ts";
import type { Run } from "../runs/run.ts";
import { claimRun } from "./claims.ts";
import { ensureRun } from "./runs.ts";
import { insertModelStep, insertToolStep, listSteps, updateToolStep } from "./steps.ts";

const opened = new AsyncDisposableStack();
let db: Database;
let pipeline: Pipeline;

beforeAll(async () => {
  const database = opened.use(await openTestDatabase());
  await migrate({ url: database.url, signal: AbortSignal.timeout(60_000) });
  db = opened.use(openDatabase(database.url));
  pipeline = opened.use(openPipeline(database.url, { poolSize: 1 }));
});
afterAll(() => opened.disposeAsync());

const run: Run = {
  msgId: parseMsgId(1n),
  bot: parseUsername("ops-bot"),
  sessionId: parseSessionId("single:alice:ops-bot"),
  seqId: 1n,
  requester: parseUsername("alice"),
  language: "en",
  command: "",
};

test("calls whose ids are longer than a column are found again after a crash", async () => {
  await ensureRun(db, run);
  const claim = await claimRun(
    pipeline,
    run,
    { owner: "one", leaseMs: 60_000, deadlineMs: 60_000 },
    true,
  );
  await claim?.durable;
  // Gateways in front of models put what has to come back into a call's id.
  const calls = ["1", "2"].map((one) => ({
    id: `call_${one}__thought__${"c2lnbmF0dXJl".repeat(40)}`,
    name: "get_logs",
    input: { service: one },
  }));
  const usage = { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 };
  await insertModelStep(db, run, "one", {
    kind: "model",
    number: 1,
    model: "m",
    text: "",
    toolCalls: calls,
    finish: "tool_calls",
    usage,
    durationMs: 1,
  });
  for (const [index, call] of calls.entries()) {
    const step = { kind: "tool", number: index + 2, call } as const;
    await insertToolStep(db, run, "one", step);
    const result = {
      outcome: "ok",
      text: `lines of ${call.input.service}`,
      durationMs: 1,
    } as const;
    await updateToolStep(db, run, "one", { ...step, result });
  }

  const transcript = new Transcript(await listSteps(db, run));

  expect(transcript.openCalls()).toEqual([]);
  const results = transcript.messages().flatMap((one) => (one.role === "tool" ? one.results : []));
  expect(results.map(({ call, text }) => [call.id, text])).toEqual(
    calls.map(({ id, input }) => [id, expect.stringContaining(`lines of ${input.service}`)]),
  );
});
