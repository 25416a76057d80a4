import { expect, test } from "vitest";
import { eventually } from "./eventually.ts";

test("the result of the first attempt that succeeds is returned", async () => {
  let attempts = 0;
  const result = await eventually(
    () => {
      attempts += 1;
      if (attempts < 3) throw new Error("not yet");
      return attempts;
    },
    { intervalMs: 1 },
  );
  expect(result).toBe(3);
});

test("false is tried again, other empty results are not", async () => {
  const answers = [false, false, 0];
  expect(await eventually(() => answers.shift(), { intervalMs: 1 })).toBe(0);
});

test("the last error is thrown when the time is over", async () => {
  let attempts = 0;
  const failing = eventually(
    () => {
      attempts += 1;
      throw new Error(`attempt ${attempts}`);
    },
    { timeoutMs: 30, intervalMs: 1 },
  );
  await expect(failing).rejects.toThrow(/^attempt \d+$/);
});

test("an attempt that never settles ends with the time", async () => {
  const hanging = eventually(() => new Promise<void>(() => undefined), { timeoutMs: 20 });
  await expect(hanging).rejects.toThrow("no attempt ended within 20 ms");
});

test("a predicate that stays false says so", async () => {
  await expect(eventually(() => false, { timeoutMs: 20, intervalMs: 1 })).rejects.toThrow(
    "still false after 20 ms",
  );
});

test("an aborted signal ends it with the signal's reason", async () => {
  const signal = AbortSignal.abort(new Error("stopping"));
  await expect(eventually(() => false, { signal })).rejects.toThrow("stopping");
});
