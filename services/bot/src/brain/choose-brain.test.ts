import { mkdtempDisposableSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, readConfig } from "@resonance/kit";
import {
  badKey,
  openScriptedModel,
  overloaded,
  type Reply,
  reset,
  type ScriptedModel,
  say,
} from "@resonance/scripted-model";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { brainRequest } from "../testing/brain-request.ts";
import { brainCheck, brainShape } from "./brain-settings.ts";
import { type Brains, chooseBrains } from "./choose-brain.ts";
import type { BrainPort } from "./model-port.ts";

const signal = new AbortController().signal;
let stack: AsyncDisposableStack;
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

const Config = z
  .object({ RESONANCE_LOGIC_ADDRESS: z.string().regex(/:/).default("a:1"), ...brainShape })
  .superRefine(...brainCheck);

function read(environment: Record<string, string>) {
  return readConfig(Config, environment);
}

function open(environment: Record<string, string>, log = createLogger("test", "silent")): Brains {
  return chooseBrains(read(environment), { timeZone: "UTC", log, retryBaseMs: 1 });
}

async function openModel(text: string): Promise<ScriptedModel> {
  return stack.use(await openScriptedModel(() => say(text)));
}

async function answerOf(brain: BrainPort): Promise<string> {
  return (await brain.next(brainRequest("which film is the best?"), signal)).text;
}

test("nothing set is the offline brain, a key alone is Claude", () => {
  expect(open({}).any).toMatchObject({ name: "offline", reach: "local" });
  expect(open({ ANTHROPIC_API_KEY: "sk" }).any).toMatchObject({
    name: "anthropic",
    model: "claude-sonnet-5-5",
    reach: "cloud",
  });
});

test("three variables are a model of one's own", async () => {
  const model = await openModel("from the house");
  const { any } = open({
    RESONANCE_BRAIN: "openai-compatible",
    RESONANCE_MODEL: "qwen3",
    RESONANCE_MODEL_URL: `${model.url}/`,
  });
  expect(any).toMatchObject({ name: "openai-compatible", model: "qwen3", reach: "local" });
  expect(await answerOf(any)).toBe("from the house");
  expect(model.requests[0]?.headers.authorization).toBeUndefined();
});

/** A file that holds a value, as a secret of a container does. */
function fileOf(value: string): string {
  const folder = stack.use(mkdtempDisposableSync(join(tmpdir(), "brain-")));
  const path = join(folder.path, "value");
  writeFileSync(path, `${value}\n`);
  return path;
}

test.each([
  ["anthropic", "ANTHROPIC_API_KEY_FILE", "x-api-key", "key-of-a-file"],
  ["openai-compatible", "RESONANCE_MODEL_KEY_FILE", "authorization", "Bearer key-of-a-file"],
] as const)("what is set of %s is in the request", async (brain, keyFile, header, sent) => {
  const model = await openModel("heard");
  const { any } = open({
    RESONANCE_BRAIN: brain,
    RESONANCE_MODEL: "some-model-7",
    RESONANCE_MODEL_URL: model.url,
    RESONANCE_MODEL_TEMPERATURE: "0.3",
    RESONANCE_MODEL_MAX_OUTPUT_TOKENS: "777",
    [keyFile]: fileOf("key-of-a-file"),
  });

  expect(await answerOf(any)).toBe("heard");

  expect(model.requests).toMatchObject([
    { model: "some-model-7", temperature: 0.3, maxTokens: 777, headers: { [header]: sent } },
  ]);
});

test("a temperature that the model does not take is not sent, which the log says once", async () => {
  const lines: string[] = [];
  const log = createLogger("test", "warn", { write: (line) => void lines.push(line) });
  const model = await openModel("heard");
  const environment = {
    RESONANCE_BRAIN: "anthropic",
    ANTHROPIC_API_KEY: "key-1",
    RESONANCE_MODEL_URL: model.url,
    RESONANCE_MODEL_TEMPERATURE: "0.3",
  };
  const { any } = open(environment, log);

  await answerOf(any);
  await answerOf(any);

  expect(model.requests).toMatchObject([{ temperature: undefined }, { temperature: undefined }]);
  expect(lines).toEqual([
    expect.stringMatching(/temperature is not supported by claude-sonnet-5-5/),
  ]);
});

const failing: readonly [string, Reply, number][] = [
  ["is overloaded until its tries are over", overloaded(), 4],
  ["is out of reach until its tries are over", reset(), 4],
  ["does not take the key", badKey(), 1],
];

test.each(failing)("a brain that %s is replaced by the other", async (_how, reply, tries) => {
  const first = stack.use(await openScriptedModel(() => reply));
  const second = await openModel("from the second");
  const { any } = open({
    ANTHROPIC_API_KEY: "key-1",
    RESONANCE_BRAIN: "anthropic",
    RESONANCE_MODEL_URL: first.url,
    RESONANCE_FALLBACK_BRAIN: "openai-compatible",
    RESONANCE_FALLBACK_MODEL: "qwen3",
    RESONANCE_FALLBACK_MODEL_URL: second.url,
    RESONANCE_FALLBACK_MODEL_KEY_FILE: fileOf("key-2"),
  });

  const step = await any.next(brainRequest("which film is the best?"), signal);

  expect(step).toMatchObject({
    text: "from the second",
    saidBy: { name: "openai-compatible", model: "qwen3" },
  });
  expect(first.requests).toHaveLength(tries);
  expect(second.requests).toMatchObject([
    { model: "qwen3", headers: { authorization: "Bearer key-2" } },
  ]);
  expect(JSON.stringify(second.requests)).not.toContain("key-1");
});

test("a local-only session opens no connection but to the local endpoint", async () => {
  const [cloud, house] = [await openModel("from outside"), await openModel("from the house")];
  const brains = open({
    RESONANCE_BRAIN: "anthropic",
    ANTHROPIC_API_KEY: "sk",
    RESONANCE_MODEL_URL: cloud.url,
    RESONANCE_FALLBACK_BRAIN: "openai-compatible",
    RESONANCE_FALLBACK_MODEL: "qwen3",
    RESONANCE_FALLBACK_MODEL_URL: house.url,
  });
  expect(brains.any.reach).toBe("cloud");
  expect(brains.localOnly.reach).toBe("local");
  expect(await answerOf(brains.localOnly)).toBe("from the house");
  expect(cloud.connections()).toBe(0);
  expect(await answerOf(brains.any)).toBe("from outside");
});

test("a local-only session does not fall back to the outside", async () => {
  const cloud = await openModel("from outside");
  const house = stack.use(await openScriptedModel(() => reset()));
  const brains = open({
    RESONANCE_BRAIN: "openai-compatible",
    RESONANCE_MODEL: "qwen3",
    RESONANCE_MODEL_URL: house.url,
    RESONANCE_FALLBACK_BRAIN: "anthropic",
    RESONANCE_FALLBACK_MODEL_URL: cloud.url,
    ANTHROPIC_API_KEY: "sk",
  });
  await expect(answerOf(brains.localOnly)).rejects.toMatchObject({ kind: "offline" });
  expect(cloud.connections()).toBe(0);
});

test("where only the cloud is configured, rules answer a local-only session and say why", async () => {
  const cloud = await openModel("from outside");
  const { localOnly } = open({
    RESONANCE_BRAIN: "anthropic",
    ANTHROPIC_API_KEY: "sk",
    RESONANCE_MODEL_URL: cloud.url,
  });
  const answer = await answerOf(localOnly);
  expect(answer).toContain("did not understand");
  expect(answer).toMatch(/stays in the house.*no local one is configured.*RESONANCE_FALLBACK/);
  expect(answer).not.toContain("No language model is configured");
  expect(cloud.connections()).toBe(0);
});

const wrong: readonly [string, Record<string, string>, readonly RegExp[]][] = [
  ["Claude without a key", { RESONANCE_BRAIN: "anthropic" }, [/ANTHROPIC_API_KEY: is needed/]],
  [
    "an endpoint without its address",
    { RESONANCE_BRAIN: "openai-compatible" },
    [/RESONANCE_MODEL: is needed/, /RESONANCE_MODEL_URL: is needed/],
  ],
  [
    "a model for the rules",
    { RESONANCE_MODEL: "qwen3", RESONANCE_MODEL_KEY: "secret-1" },
    [/RESONANCE_MODEL: has no effect/, /RESONANCE_MODEL_KEY: has no effect/],
  ],
  [
    "a key of one provider and the address of another",
    { ANTHROPIC_API_KEY: "secret-1", RESONANCE_MODEL_URL: "http://localhost:11434/v1" },
    [/RESONANCE_BRAIN: must be set/],
  ],
  [
    "a fallback that is only half there",
    { RESONANCE_FALLBACK_BRAIN: "openai-compatible", RESONANCE_FALLBACK_MODEL: "qwen3" },
    [/RESONANCE_FALLBACK_MODEL_URL: is needed/],
  ],
  [
    "a fallback model without a fallback",
    { RESONANCE_FALLBACK_MODEL: "qwen3" },
    [/RESONANCE_FALLBACK_MODEL: RESONANCE_FALLBACK_BRAIN is not set/],
  ],
];

test.each(wrong)(
  "%s stops the start, and everything wrong is named",
  (_what, environment, named) => {
    const fail = () => read(environment);
    for (const one of named) expect(fail).toThrow(one);
    expect(fail).not.toThrow(/secret-1/);
  },
);

test("what does not go together is named along with what is bad elsewhere", () => {
  const fail = () => read({ RESONANCE_BRAIN: "anthropic", RESONANCE_LOGIC_ADDRESS: "nowhere" });
  expect(fail).toThrow(/RESONANCE_LOGIC_ADDRESS: [\s\S]*ANTHROPIC_API_KEY: is needed/);
});

test("bad values are named by their variables", () => {
  const fail = () =>
    read({
      RESONANCE_BRAIN: "gpt",
      RESONANCE_MODEL_URL: "ftp://x",
      RESONANCE_MODEL_TEMPERATURE: "9",
    });
  expect(fail).toThrow(/RESONANCE_BRAIN: /);
  expect(fail).toThrow(/RESONANCE_MODEL_URL: must be http/);
  expect(fail).toThrow(/RESONANCE_MODEL_TEMPERATURE: /);
});
