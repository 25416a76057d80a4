import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { eventually } from "@resonance/testkit";
import { expect, test } from "vitest";
import { migrate } from "./migrate.ts";
import {
  contentsOf,
  openGoDatabase,
  openScratchDatabase,
  type ScratchDatabase,
  shapeOf,
  waitingForTable,
} from "./testing/scratch-database.ts";

test.each(["an empty", "a Go"])(
  "after a kill behind any statement of any file %s database comes out the same",
  { timeout: 120_000 },
  async (kind) => {
    const signal = AbortSignal.timeout(110_000);
    const open = kind === "a Go" ? openGoDatabase : openScratchDatabase;
    await using database = await open();
    // Each file is begun again and again, and ends one statement later each time.
    for (const statements of await filesAsStatements()) {
      for (let count = 1; count <= statements.length; count++) {
        await runOnItsOwn(database, statements.slice(0, count));
      }
    }
    const { from } = await migrate({ url: database.url, signal });
    expect(from).toBe(0);
    await using untouched = await open();
    await migrate({ url: untouched.url, signal });
    expect(await shapeOf(database)).toEqual(await shapeOf(untouched));
    expect(await contentsOf(database)).toEqual(await contentsOf(untouched));
  },
);

test.each(["t_user", "t_message_content", "t_message_outbox"])(
  "a connection killed while it changes %s leaves a database that the next run completes",
  async (table) => {
    const signal = AbortSignal.timeout(25_000);
    await using database = await openGoDatabase();
    await using observer = await database.connect();
    await database.run(`START TRANSACTION; SELECT COUNT(*) FROM ${table}`);
    const run = migrate({ url: database.url, signal });
    const connectionId = await eventually(() => waitingForTable(observer, database.name));
    const failed = expect(run).rejects.toThrow("migration 0003 compare-bytes failed");
    await observer.run(`KILL ${connectionId}`);
    await failed;
    await database.run("ROLLBACK");
    await migrate({ url: database.url, signal });
    await expectLikeUntouched(database, signal);
  },
);

test("a process killed in the middle leaves a database that the next run completes", async () => {
  const signal = AbortSignal.timeout(25_000);
  await using database = await openGoDatabase();
  await using observer = await database.connect();
  await database.run("START TRANSACTION; SELECT COUNT(*) FROM t_session_member");
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const env = { RESONANCE_MYSQL_URL: database.url };
  const child = spawn(process.execPath, [main], { env, stdio: "ignore" });
  await eventually(() => waitingForTable(observer, database.name), { timeoutMs: 15_000 });
  child.kill("SIGKILL");
  await once(child, "exit");
  // The server may still be at the file of the dead process: the next run waits for the lock.
  const next = migrate({ url: database.url, signal });
  await database.run("ROLLBACK");
  await next;
  await expectLikeUntouched(database, signal);
});

test("a statement that fails stops the run there, and the next run completes it", async ({
  signal,
}) => {
  await using database = await openGoDatabase();
  await database.run("ALTER TABLE t_message_outbox DROP COLUMN retry_count");
  await expect(migrate({ url: database.url, signal })).rejects.toThrow(/0003 compare-bytes failed/);
  await database.run(`
    ALTER TABLE t_message_outbox ADD COLUMN retry_count INT DEFAULT 0 AFTER status;
    UPDATE t_message_outbox SET retry_count = 3 WHERE id = 2;
    UPDATE t_message_outbox SET retry_count = 6 WHERE id = 3`);
  expect((await migrate({ url: database.url, signal })).from).toBe(2);
  await expectLikeUntouched(database, signal);
});

async function expectLikeUntouched(database: ScratchDatabase, signal: AbortSignal): Promise<void> {
  await using untouched = await openGoDatabase();
  await migrate({ url: untouched.url, signal });
  expect(await shapeOf(database)).toEqual(await shapeOf(untouched));
  expect(await contentsOf(database)).toEqual(await contentsOf(untouched));
}

/** Every statement ends with a semicolon at the end of a line. */
async function filesAsStatements(): Promise<string[][]> {
  const folder = new URL("../sql/", import.meta.url);
  const files = (await readdir(folder)).sort();
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, folder), "utf8")));
  return texts.map((text) => text.split(/(?<=;)\n/).filter((part) => part.trim() !== ""));
}

/** A connection that goes away takes its transaction, variables and temporary tables with it. */
async function runOnItsOwn(database: ScratchDatabase, statements: string[]): Promise<void> {
  await using connection = await database.connect();
  await connection.run(statements.join("\n"));
}
