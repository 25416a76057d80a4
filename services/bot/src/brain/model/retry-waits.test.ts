import { createLogger } from "@resonance/kit";
import { overloaded, type Reply, rateLimited } from "@resonance/scripted-model";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { brainRequest } from "../../testing/brain-request.ts";
import { openScriptedBrain } from "../../testing/scripted-brain.ts";

let stack: AsyncDisposableStack;
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await stack.disposeAsync();
});

/** How long it means to wait before each further try; nobody waits for `stopAfter` of them. */
async function waitsOf(
  reply: Reply,
  { baseMs, stopAfter }: { readonly baseMs: number; readonly stopAfter?: number },
): Promise<number[]> {
  const waits: number[] = [];
  const stop = new AbortController();
  const write = (line: string) => {
    const { waitMs } = JSON.parse(line);
    if (waitMs !== undefined) waits.push(waitMs);
    if (waits.length === stopAfter) stop.abort(new Error("enough"));
  };
  const { brain } = await openScriptedBrain(stack, "openai-compatible", () => reply, {
    retryBaseMs: baseMs,
    log: createLogger("test", "warn", { write }),
  });
  await expect(brain.next(brainRequest("x"), stop.signal)).rejects.toThrow();
  return waits;
}

test.each([
  ["shortest", 0, [1, 2, 4]],
  ["longest", 1, [2, 4, 8]],
])(
  "there are three waits, at their %s, each twice as long as the one before",
  async (_kind, random, all) => {
    vi.spyOn(Math, "random").mockReturnValue(random);
    expect(await waitsOf(overloaded(), { baseMs: 2 })).toEqual(all);
  },
);

test.each([
  ["shortest", 0, 4_000],
  ["longest", 1, 8_000],
])("no wait is longer than 8 s, also at its %s", async (_kind, random, longestMs) => {
  vi.spyOn(Math, "random").mockReturnValue(random);
  expect(await waitsOf(overloaded(), { baseMs: 60_000, stopAfter: 1 })).toEqual([longestMs]);
});

test.each([
  ["in seconds", "20", 20_000, 20_002],
  ["as a date", new Date(Date.now() + 15_000).toUTCString(), 10_000, 15_002],
])("who asks %s for time gets it, and a little more", async (_how, retryAfter, leastMs, mostMs) => {
  const [waitMs] = await waitsOf(rateLimited(retryAfter), { baseMs: 4, stopAfter: 1 });
  expect(waitMs).toBeGreaterThan(leastMs);
  expect(waitMs).toBeLessThanOrEqual(mostMs);
});

test("who asks for more than 20 s is not waited for", async () => {
  expect(await waitsOf(rateLimited("21"), { baseMs: 4 })).toEqual([]);
});
