import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, openServers } from "@resonance/testkit";
import { testServers } from "@resonance/testkit/vitest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "./open-database.ts";
import { openPipeline, type Pipeline } from "./open-pipeline.ts";
import { transaction } from "./transaction.ts";

// A server of its own: what it is told here would be felt by all tests.
let opened: AsyncDisposableStack;
/** Whom read-only does not concern. */
let root: Database;
/** An ordinary account, as that of the services. */
let url: string;
let db: Database;
let pipeline: Pipeline;
const never = new AbortController().signal;
const unavailable = { name: "ChatError", code: "unavailable" };

beforeAll(async () => {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), "resonance-unfit-"));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const { mysql } = stack.use(
    await openServers({
      home,
      durability: "fast",
      environment: {
        ...process.env,
        RESONANCE_MYSQL_URL: "",
        RESONANCE_NATS_URL: testServers().nats.url,
      },
      notify: () => undefined,
      signal: AbortSignal.timeout(60_000),
      programs: { mysqld: process.env.TEST_MYSQLD || undefined },
    }),
  );
  root = stack.use(openDatabase(new URL("/mysql", mysql.url).href));
  await root.execute("CREATE DATABASE app");
  await root.execute("CREATE TABLE app.t (id BIGINT PRIMARY KEY, text VARCHAR(100))");
  await root.execute("CREATE USER 'app'@'127.0.0.1' IDENTIFIED BY 'a good password'");
  await root.execute("GRANT ALL ON app.* TO 'app'@'127.0.0.1'");
  const app = new URL(mysql.url);
  app.username = "app";
  app.password = "a good password";
  app.pathname = "/app";
  url = app.href;
  db = stack.use(openDatabase(url, { poolSize: 1 }));
  pipeline = stack.use(openPipeline(url, { poolSize: 1 }));
  opened = stack.move();
}, 90_000);
afterAll(() => opened?.[Symbol.asyncDispose]());

async function connectionOf(one: Database | Pipeline): Promise<bigint> {
  const sql = "SELECT CONNECTION_ID() AS id";
  const [row] =
    "query" in one
      ? await one.query<{ id: bigint }>(sql)
      : await one.transaction((tx) => tx.query<{ id: bigint }>(sql), never);
  return row?.id ?? 0n;
}

test("a server that became read-only is unavailable, and its connections are given up", async () => {
  const before = [await connectionOf(db), await connectionOf(pipeline)];
  await root.execute("SET GLOBAL read_only = 1");

  const failures = await Promise.allSettled([
    db.execute("INSERT INTO t VALUES (1, 'statement')"),
    pipeline.transaction((tx) => tx.execute("INSERT INTO t VALUES (2, 'pipeline')"), never),
  ]);
  await root.execute("SET GLOBAL read_only = 0");

  const rejected = { status: "rejected", reason: unavailable };
  expect(failures).toMatchObject([rejected, rejected]);
  const after = [await connectionOf(db), await connectionOf(pipeline)];
  expect(after.filter((id) => before.includes(id))).toEqual([]);
  expect(await db.query("SELECT id FROM t")).toEqual([]);
});

test("a commit that finds the server read-only has committed nothing, and says so", async () => {
  const committed = transaction(
    db,
    async (tx) => {
      await tx.execute("INSERT INTO t VALUES (10, 'open')");
      // What happens to writers meanwhile differs: MariaDB refuses the commit, MySQL waits for it.
      void root.execute("SET GLOBAL read_only = 1");
      await tx.query("SELECT SLEEP(0.3)");
    },
    never,
  );

  const outcome = await committed.then(
    () => "committed",
    (error: unknown) => error,
  );
  await root.execute("SET GLOBAL read_only = 0");

  const rows = await db.query("SELECT id FROM t WHERE id = 10");
  if (outcome === "committed") expect(rows).toHaveLength(1);
  else {
    expect(outcome).toMatchObject(unavailable);
    expect(rows).toEqual([]);
  }
});

test("who waits for a lock longer than 3 s is told, and is not held up for a minute", {
  timeout: 40_000,
}, async () => {
  await db.execute("INSERT INTO t VALUES (20, 'free')");
  await transaction(
    root,
    async (holder) => {
      await holder.execute("UPDATE app.t SET text = 'held' WHERE id = 20");
      const startedAt = performance.now();

      const waiting = pipeline.transaction(
        (tx) => tx.execute("UPDATE t SET text = 'late' WHERE id = 20"),
        never,
      );

      await expect(waiting).rejects.toMatchObject({ name: "ChatError", code: "aborted" });
      expect(performance.now() - startedAt).toBeLessThan(25_000);
    },
    never,
  );
});

test("the server gives up a connection that is silent, and the pool goes on without it", async () => {
  const [{ seconds = 0n } = {}] = await db.query<{ seconds: bigint }>(
    "SELECT CAST(@@SESSION.wait_timeout AS SIGNED) AS seconds",
  );
  const silent = await connectionOf(db);
  await db.execute("SET SESSION wait_timeout = 1");

  await eventually(async () =>
    expect(
      await root.query("SELECT id FROM information_schema.processlist WHERE id = ?", [silent]),
    ).toEqual([]),
  );

  expect(seconds).toBe(120n);
  expect(await connectionOf(db)).not.toBe(silent);
});
