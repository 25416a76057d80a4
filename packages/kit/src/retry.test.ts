import { expect, test } from "vitest";
import { ChatError } from "./chat-error.ts";
import { retry } from "./retry.ts";

const options = {
  attempts: 3,
  baseMs: 1,
  maxMs: 2,
  retryable: (error: unknown) => error instanceof ChatError && error.retryable,
};
const never = new AbortController().signal;

test("an operation that fails in passing is tried again", async () => {
  const result = retry(
    async (attempt) => {
      if (attempt < 3) throw new ChatError("unavailable", "not yet");
      return attempt;
    },
    options,
    never,
  );

  expect(await result).toBe(3);
});

test("the last error comes out when the attempts are used up", async () => {
  const attempts: number[] = [];

  const result = retry(
    async (attempt) => {
      attempts.push(attempt);
      throw new ChatError("unavailable", `attempt ${attempt}`);
    },
    options,
    never,
  );

  await expect(result).rejects.toThrow("attempt 3");
  expect(attempts).toEqual([1, 2, 3]);
});

test("an error that no retry helps against comes out at once", async () => {
  const attempts: number[] = [];

  const result = retry(
    async (attempt) => {
      attempts.push(attempt);
      throw new ChatError("invalid_argument", "bad");
    },
    options,
    never,
  );

  await expect(result).rejects.toThrow("bad");
  expect(attempts).toEqual([1]);
});

test("an abort ends the waiting, with its reason", async () => {
  const abort = new AbortController();

  const result = retry(
    async () => {
      queueMicrotask(() => abort.abort(new Error("stopped")));
      throw new ChatError("unavailable", "away");
    },
    { ...options, baseMs: 60_000, maxMs: 60_000 },
    abort.signal,
  );

  await expect(result).rejects.toThrow("stopped");
});
