import {
  badKey,
  callTool,
  hang,
  internalError,
  type ModelRequest,
  openScriptedModel,
  overloaded,
  type Reply,
  rateLimited,
  refuse,
  reset,
  say,
  tooLong,
} from "@resonance/scripted-model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BrainErrorKind } from "./brain/model-port.ts";
import { botSessionOf, RealLogicGround } from "./testing/real-logic-ground.ts";

// Every trouble that a model can have, from the stored question to the stored answer: a real Logic,
// NATS and database, the bot as its environment configures it, and the real SDK of each provider
// before a scripted model. All questions are asked at once, each in a session of its own.

const providers = ["anthropic", "openai-compatible"] as const;
type Provider = (typeof providers)[number];
const languages = ["zh", "en"] as const;
type Language = (typeof languages)[number];

type Scenario = {
  /** What the model does at its nth request for this question, from 0. */
  readonly replies: (n: number, request: ModelRequest) => Reply;
  /** Whose sentence the answer ends in; otherwise what it says. */
  readonly ends: BrainErrorKind | RegExp;
  /** What is kept of a text that broke off. */
  readonly keeps?: string;
  readonly requests?: number;
};

const partial = "The gateway is ";
const fine = say("All is fine.");
const logs = (input: unknown): Reply => callTool("get_logs", input);

const scenarios: Record<string, Scenario> = {
  "90 s to the first token": {
    replies: () => ({ ...fine, firstTokenAfterMs: 90_000 }),
    ends: "timed_out",
    requests: 1,
  },
  "a stall in mid-stream": {
    replies: () => ({ ...say(partial, "x"), trouble: { kind: "stall", afterDeltas: 1 } }),
    ends: "timed_out",
    keeps: partial,
    requests: 1,
  },
  "a cut stream, every time": {
    replies: () => ({ ...say(partial, "x"), trouble: { kind: "cut", afterDeltas: 1 } }),
    ends: "offline",
    keeps: partial,
    requests: 4,
  },
  "a cut stream, once": {
    replies: (n) => (n > 0 ? fine : { ...say("x", "y"), trouble: { kind: "cut", afterDeltas: 1 } }),
    ends: /^All is fine\.$/,
  },
  "1 byte/s": {
    replies: () => ({ ...fine, trouble: { kind: "trickle", bytesPerSecond: 1 } }),
    ends: "timed_out",
  },
  "429 with a retry-after that is short": {
    replies: (n) => (n > 0 ? fine : rateLimited("1")),
    ends: /^All is fine\.$/,
    requests: 2,
  },
  "429 with a retry-after that is long": {
    replies: () => rateLimited("3600"),
    ends: "busy",
    requests: 1,
  },
  "529": { replies: () => overloaded(), ends: "busy", requests: 4 },
  "500": { replies: () => internalError(), ends: "failed", requests: 4 },
  "a reset": { replies: () => reset(), ends: "offline", requests: 4 },
  "a context that stays too long": { replies: () => tooLong(), ends: "too_long", requests: 2 },
  "a context that is too long once": {
    replies: (n) => (n > 0 ? fine : tooLong()),
    ends: /^All is fine\.$/,
    requests: 2,
  },
  "invalid JSON arguments": {
    replies: (n, { entries }) => {
      if (n === 0) return logs('{"service": "gate');
      const last = entries.at(-1);
      const isTold = last?.kind === "tool_result" && /not a JSON object/.test(last.text);
      return isTold ? fine : say("nobody told me");
    },
    ends: /^All is fine\.$/,
  },
  "a tool that does not exist": {
    replies: (n, { entries }) => {
      if (n === 0) return callTool("get_log", { service: "gateway" });
      const last = entries.at(-1);
      return last?.kind === "tool_result" && /get_logs/.test(last.text) ? fine : say("no hint");
    },
    ends: /^All is fine\.$/,
  },
  "an endless tool loop": {
    replies: (n, { toolChoice }) =>
      toolChoice === "none"
        ? say("I looked 20 times.")
        : logs({ service: "gateway", limit: n + 1 }),
    ends: /^I looked 20 times\.$/,
    requests: 21,
  },
  "the same call for ever": {
    replies: (_n, { toolChoice }) =>
      toolChoice === "none" ? say("I looked once.") : logs({ service: "gateway" }),
    ends: /^I looked once\.$/,
    requests: 21,
  },
  "a refusal": { replies: () => refuse(), ends: "refused", requests: 1 },
  "a wrong key": { replies: () => badKey(), ends: "key_problem", requests: 1 },
  "a model that hangs": { replies: () => hang(), ends: "timed_out", requests: 1 },
  "a model that ends without a word": { replies: () => say(), ends: "failed" },
};

const sentences: Record<string, Readonly<Record<Language, RegExp>>> = {
  timed_out: { zh: /大模型太久没有回应/, en: /took too long to respond/ },
  offline: { zh: /连不上大模型服务/, en: /cannot be reached/ },
  busy: { zh: /现在太忙/, en: /too busy right now/ },
  failed: { zh: /出了错/, en: /something went wrong/ },
  too_long: { zh: /太长，大模型放不下/, en: /too long for the language model/ },
  refused: { zh: /大模型拒绝回答/, en: /declined to answer/ },
  key_problem: { zh: /不接受这里配置的密钥/, en: /does not accept the key/ },
};

const names = Object.keys(scenarios);
const asked = names.flatMap((name, index) =>
  languages.map((language) => ({
    name,
    language,
    user: `asker-${index}-${language}`,
    text: `${language === "zh" ? "网关怎么样？" : "How is the gateway?"} #${index}-${language}#`,
  })),
);

/** What became of the questions to one provider's model. */
type Outcome = {
  /** How often it was asked for each question, by its mark. */
  readonly counts: ReadonlyMap<string, number>;
  /** What the bot said to whom, in order. */
  readonly said: ReadonlyMap<string, readonly { clientMsgId: string; content: string }[]>;
  /** The message ids of each asker, in order. */
  readonly questions: ReadonlyMap<string, readonly bigint[]>;
  readonly seconds: number;
};

const outcomes = new Map<Provider, Outcome>();
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  await Promise.all(
    providers.map(async (provider) => outcomes.set(provider, await askAll(provider))),
  );
}, 150_000);
afterAll(() => stack.disposeAsync());

async function askAll(provider: Provider): Promise<Outcome> {
  const signal = AbortSignal.timeout(120_000);
  const counts = new Map<string, number>();
  const model = stack.use(await openScriptedModel((request) => replyTo(counts, request)));
  const key = provider === "anthropic" ? "ANTHROPIC_API_KEY" : "RESONANCE_MODEL_KEY";
  const ground = stack.use(
    await RealLogicGround.open({
      RESONANCE_BRAIN: provider,
      RESONANCE_MODEL: "scripted",
      [key]: "sk-4711",
      RESONANCE_MODEL_URL: model.url,
      RESONANCE_MODEL_FIRST_TOKEN_MS: "8000",
      RESONANCE_MODEL_BETWEEN_TOKENS_MS: "8000",
      RESONANCE_BOT_CONCURRENCY: "100",
    }),
  );
  await ground.letIn(asked.map(({ user }) => user));
  const startedAtMs = performance.now();
  const questions = await Promise.all(
    asked.map(async ({ user, text }): Promise<[string, readonly bigint[]]> => {
      const troubled = await ground.ask(user, text, signal);
      // One session is answered in order: behind its answer, nothing more comes of the first.
      return [user, [troubled, await ground.ask(user, "/help", signal)]];
    }),
  );
  const said = await ground.saidInTheEnd(signal);
  const seconds = (performance.now() - startedAtMs) / 1_000;
  return { counts, said, questions: new Map(questions), seconds };
}

/** Each question bears a mark that says which trouble it wants. */
function replyTo(counts: Map<string, number>, request: ModelRequest): Reply {
  const texts = request.entries.map((entry) => (entry.kind === "user" ? entry.text : ""));
  const mark = /#(\d+)-(?:zh|en)#/.exec(texts.join("\n"));
  const scenario = scenarios[names[Number(mark?.[1])] ?? ""];
  if (!mark || !scenario) throw new Error(`no mark in ${texts.join("\n")}`);
  const n = counts.get(mark[0]) ?? 0;
  counts.set(mark[0], n + 1);
  return scenario.replies(n, request);
}

function outcomeOf(provider: Provider): Outcome {
  const outcome = outcomes.get(provider);
  if (!outcome) throw new Error(`${provider} was not asked`);
  return outcome;
}

const combinations = providers.flatMap((provider) =>
  languages.map((language) => ({ provider, language })),
);

describe.each(combinations)("$provider, $language", ({ provider, language }) => {
  test.each(Object.entries(scenarios))("%s ends in plain words", (name, scenario) => {
    const index = names.indexOf(name);
    const { counts, said } = outcomeOf(provider);
    const answer = said.get(botSessionOf(`asker-${index}-${language}`))?.[0]?.content ?? "";
    const { ends, keeps, requests } = scenario;
    if (ends instanceof RegExp) {
      expect(answer).toMatch(ends);
    } else {
      expect(answer).toMatch(sentences[ends]?.[language] ?? /^$/);
      expect(answer).toMatch(/(编号|reference) [0-9a-f]{8}/);
    }
    if (keeps !== undefined) expect(answer.startsWith(keeps.trim())).toBe(true);
    // The provider's own words stay in the log.
    expect(answer).not.toMatch(
      /4711|sk-|10\.4\.7|Overloaded|exceed the rate|x-api-key|\d{3} tokens/,
    );
    if (requests !== undefined) expect(counts.get(`#${index}-${language}#`)).toBe(requests);
  });
});

test.each(providers)("%s: one question, one answer, and all within the deadline", (provider) => {
  const { said, questions, seconds } = outcomeOf(provider);
  for (const { user } of asked) {
    const answers = said.get(botSessionOf(user))?.map(({ clientMsgId }) => clientMsgId);
    expect(answers).toEqual(questions.get(user)?.map((msgId) => `answer:${msgId}`));
  }
  expect(said.size).toBe(asked.length);
  expect(seconds).toBeLessThan(90);
});
