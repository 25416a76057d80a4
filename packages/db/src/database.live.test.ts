import { inspect } from "node:util";
import { eventually } from "@resonance/testkit";
import { openTestDatabase } from "@resonance/testkit/vitest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "./open-database.ts";
import { isDuplicateKey, transaction } from "./transaction.ts";

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let db: Database;
const never = new AbortController().signal;

beforeAll(async () => {
  database = await openTestDatabase();
  db = openDatabase(database.url);
  await db.execute("CREATE TABLE t (id BIGINT PRIMARY KEY, text VARCHAR(100))");
});
afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

test("connections that a rush has opened are closed while one goes on being used", async () => {
  await using rushed = openDatabase(database.url, { poolSize: 6, idleMs: 500 });
  const connections = async () => {
    const [row] = await rushed.query<{ open: bigint }>(
      "SELECT COUNT(*) AS open FROM information_schema.processlist WHERE db = DATABASE()",
    );
    return Number(row?.open);
  };
  const others = await connections();
  await Promise.all(Array.from({ length: 6 }, () => rushed.query("SELECT SLEEP(0.1)")));
  expect(await connections()).toBe(others + 5);

  await eventually(async () => expect(await connections()).toBe(others), { timeoutMs: 10_000 });
});

test("an error says nothing of the values that were sent", async () => {
  await db.execute("INSERT INTO t VALUES (1, 'x')");

  const failure = await db
    .execute("INSERT INTO t VALUES (?, ?)", [1, "my secret"])
    .catch((error: unknown) => error);

  expect(isDuplicateKey(failure)).toBe(true);
  expect(inspect(failure)).not.toContain("my secret");
});

test("64-bit numbers are bigints, in both directions", async () => {
  await db.execute("INSERT INTO t VALUES (?, 'big')", [9_223_372_036_854_775_807n]);

  const rows = await db.query("SELECT id FROM t WHERE text = 'big'");

  expect(rows).toEqual([{ id: 9_223_372_036_854_775_807n }]);
});

test("a transaction that throws leaves nothing, and its connection is good for the next", async () => {
  const failed = transaction(
    db,
    async (tx) => {
      await tx.execute("INSERT INTO t VALUES (100, 'gone')");
      throw new Error("changed my mind");
    },
    never,
  );

  await expect(failed).rejects.toThrow("changed my mind");
  expect(await db.query("SELECT id FROM t WHERE id = 100")).toEqual([]);
});

test("a connection that is lost is unavailable, in a transaction and at its commit", async () => {
  await using other = openDatabase(database.url);
  const kill = async (id: bigint) => db.execute("KILL ?", [id]);
  const failures = [true, false].map((beforeStatement) =>
    transaction(
      other,
      async (tx) => {
        const [row] = await tx.query<{ id: bigint }>("SELECT CONNECTION_ID() AS id");
        await kill(row?.id ?? 0n);
        if (beforeStatement) await tx.query("SELECT 1");
      },
      never,
    ),
  );

  const unavailable = { status: "rejected", reason: { name: "ChatError", code: "unavailable" } };
  expect(await Promise.allSettled(failures)).toMatchObject([unavailable, unavailable]);
  expect(await other.query("SELECT 1 AS one")).toHaveLength(1);
});

test("a server that is not there is unavailable", async () => {
  await using nowhere = openDatabase("mysql://root@127.0.0.1:1/x");

  await expect(nowhere.query("SELECT 1")).rejects.toMatchObject({ code: "unavailable" });
  const opened = transaction(nowhere, async () => undefined, never);
  await expect(opened).rejects.toMatchObject({ code: "unavailable" });
});

test("two transactions that lock each other out both succeed in the end", async () => {
  await db.execute("INSERT INTO t VALUES (201, 'a'), (202, 'b')");
  const bothHold = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  let tries = 0;
  const update = (first: number, second: number, mine: 0 | 1) =>
    transaction(
      db,
      async (tx) => {
        tries += 1;
        await tx.execute("UPDATE t SET text = CONCAT(text, '!') WHERE id = ?", [first]);
        bothHold[mine].resolve();
        await bothHold[mine === 0 ? 1 : 0].promise;
        await tx.execute("UPDATE t SET text = CONCAT(text, '!') WHERE id = ?", [second]);
      },
      never,
    );

  await Promise.all([update(201, 202, 0), update(202, 201, 1)]);

  expect(tries).toBe(3);
  expect(await db.query("SELECT text FROM t WHERE id > 200 AND id < 300 ORDER BY id")).toEqual([
    { text: "a!!" },
    { text: "b!!" },
  ]);
});

test("a pool has no more connections than it may, and more waiting than it may fails at once", async () => {
  await using database = await openTestDatabase();
  await using db = openDatabase(database.url, { poolSize: 2, queueLimit: 3 });
  const connectionOf = () =>
    db.query<{ id: bigint }>("SELECT CONNECTION_ID() AS id, SLEEP(0.1) AS slept");

  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, connectionOf));

  const ids = outcomes.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
  expect(ids).toHaveLength(5);
  expect(new Set(ids.map(({ id }) => id)).size).toBe(2);
  const refused = outcomes.filter(({ status }) => status === "rejected");
  const unavailable = { reason: { code: "unavailable" } };
  expect(refused).toMatchObject([unavailable, unavailable, unavailable]);
});

test("what is begun together with a statement that ends in a deadlock is not stored", async () => {
  await db.execute("INSERT INTO t VALUES (300, ''), (301, '')");
  const change = (id: number) => `UPDATE t SET text = 'x' WHERE id = ${id}`;
  const other = await db.pool.getConnection();
  await other.beginTransaction();
  // The server gives up the transaction that has changed less.
  await other.query("INSERT INTO t VALUES ?", [
    Array.from({ length: 50 }, (_, index) => [310 + index, ""]),
  ]);
  await other.query(change(301));
  let attempts = 0;

  const locked = transaction(
    db,
    async (tx) => {
      attempts += 1;
      if (attempts > 1) throw new Error("begun again");
      await tx.execute(change(300));
      await Promise.all([
        tx.execute(change(301)),
        tx.execute("INSERT INTO t VALUES (302, 'alone')"),
        other.query(change(300)),
      ]);
    },
    never,
  );

  await expect(locked).rejects.toThrow("begun again");
  await other.rollback();
  other.release();
  expect(await db.query("SELECT id FROM t WHERE id = 302")).toEqual([]);
});
