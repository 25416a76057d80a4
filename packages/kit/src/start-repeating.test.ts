import { expect, test } from "vitest";
import { createLogger } from "./log.ts";
import { startRepeating } from "./start-repeating.ts";

function collect() {
  const lines: string[] = [];
  const log = createLogger("test", "info", { write: (line) => void lines.push(line) });
  return { lines, log };
}

test("work that fails is said, and done again", async () => {
  const { lines, log } = collect();
  const done = Promise.withResolvers<void>();
  let times = 0;

  const repeating = startRepeating({ everyMs: 1, log, failure: "cannot count" }, async () => {
    times += 1;
    if (times === 1) throw new Error("not yet");
    done.resolve();
  });
  await done.promise;
  await repeating[Symbol.asyncDispose]();

  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: "warn", msg: "cannot count", err: { message: "not yet" } },
  ]);
});

test("disposing ends the work under way, waits for it and says nothing", async () => {
  const { lines, log } = collect();
  const begun = Promise.withResolvers<void>();
  let isOver = false;
  const repeating = startRepeating({ everyMs: 1, log, failure: "cannot wait" }, async (signal) => {
    begun.resolve();
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    isOver = true;
    throw signal.reason;
  });
  await begun.promise;

  await repeating[Symbol.asyncDispose]();

  expect(isOver).toBe(true);
  expect(lines).toEqual([]);
});

test("disposing waits for no work that is not due", async () => {
  const { log } = collect();
  let times = 0;
  const repeating = startRepeating({ everyMs: 3_600_000, log, failure: "" }, async () => {
    times += 1;
  });

  await repeating[Symbol.asyncDispose]();

  expect(times).toBe(0);
});
