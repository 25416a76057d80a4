import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

// Linux and others have a device whose disk is always full.
test.runIf(existsSync("/dev/full"))(
  "a process whose log's disk is full goes on and ends",
  {
    timeout: 30_000,
  },
  async () => {
    const code = `
    import { createLogger } from ${JSON.stringify(join(import.meta.dirname, "log.ts"))};
    const log = createLogger("test");
    for (let line = 0; line < 100; line++) log.info({ line }, "nobody can read this");
    process.stderr.write("went on");
  `;
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", full, "pipe"],
      // pino's own stream would keep it alive for ever.
      timeout: 20_000,
    });
    closeSync(full);
    let said = "";
    child.stderr?.on("data", (chunk) => {
      said += chunk;
    });

    const [exitCode] = await once(child, "close");

    expect(said).toBe("went on");
    expect(exitCode).toBe(0);
  },
);

test("the last words of a process that ends in the same turn are written", async () => {
  const code = `
    import { createLogger } from ${JSON.stringify(join(import.meta.dirname, "log.ts"))};
    const log = createLogger("test");
    log.info("first");
    log.info("last words");
    process.exit(3);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });

  const [exitCode] = await once(child, "close");

  expect(exitCode).toBe(3);
  const messages = said
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).msg);
  expect(messages).toEqual(["first", "last words"]);
});
