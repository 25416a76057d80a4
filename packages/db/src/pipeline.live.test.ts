import { openTestDatabase } from "@resonance/testkit/vitest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "./open-database.ts";
import { openPipeline, type Pipeline } from "./open-pipeline.ts";
import { isDuplicateKey } from "./transaction.ts";

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let db: Database;
let pipeline: Pipeline;
const never = new AbortController().signal;

beforeAll(async () => {
  database = await openTestDatabase();
  db = openDatabase(database.url);
  pipeline = openPipeline(database.url, { poolSize: 4 });
  await db.execute("CREATE TABLE p (id BIGINT PRIMARY KEY, text VARCHAR(1000))");
});
afterAll(async () => {
  await pipeline[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const texts = () => db.query("SELECT id, text FROM p ORDER BY id");

test("statements of one turn run in their order, and each has its own result", async () => {
  await db.execute("DELETE FROM p");

  const [inserted, rows, none] = await pipeline.transaction(
    (tx) =>
      Promise.all([
        tx.execute("INSERT INTO p VALUES (1, 'a'), (2, 'b')"),
        tx.query("SELECT id FROM p ORDER BY id"),
        tx.query("SELECT id FROM p WHERE id > 2"),
        tx.commit(),
      ]),
    never,
  );

  expect(inserted.affectedRows).toBe(2);
  expect(rows).toEqual([{ id: 1n }, { id: 2n }]);
  expect(none).toEqual([]);
  expect(await texts()).toHaveLength(2);
});

test("what follows a failed statement does not run, its commit neither", async () => {
  await db.execute("DELETE FROM p");

  const failed = pipeline.transaction(async (tx) => {
    await tx.execute("INSERT INTO p VALUES (1, 'before')");
    await Promise.all([
      tx.execute("INSERT INTO p VALUES (1, 'again')"),
      tx.execute("INSERT INTO p VALUES (2, 'after')"),
      tx.commit(),
    ]).finally(() => expect(tx.isCommitted).toBe(false));
  }, never);

  const error = await failed.catch((reason: unknown) => reason);
  expect(isDuplicateKey(error)).toBe(true);
  expect(await texts()).toEqual([]);
});

test("a statement that fails behind the commit leaves it done, and the connection usable", async () => {
  await db.execute("DELETE FROM p");
  await using single = openPipeline(database.url, { poolSize: 1 });

  const isCommitted = await single.transaction(async (tx) => {
    const statements = [
      tx.execute("INSERT INTO p VALUES (1, 'kept')"),
      tx.query("SELECT id FROM p"),
      tx.commit(),
      tx.query("SELECT id FROM nothing"),
    ];
    const outcomes = await Promise.allSettled(statements);
    expect(outcomes.map(({ status }) => status)).toEqual([
      "rejected",
      "rejected",
      "fulfilled",
      "rejected",
    ]);
    return tx.isCommitted;
  }, never);

  expect(isCommitted).toBe(true);
  const rows = await single.transaction((tx) => tx.query("SELECT text FROM p"), never);
  expect(rows).toEqual([{ text: "kept" }]);
});

test("a commit settles while the statement behind it is still at work", async () => {
  const settled: string[] = [];

  await pipeline.transaction(async (tx) => {
    await Promise.all([
      tx.commit().then(async () => {
        await db.query("SELECT 1");
        settled.push("went on");
      }),
      tx.query("SELECT SLEEP(0.5)").then(() => settled.push("asked")),
    ]);
  }, never);

  expect(settled).toEqual(["went on", "asked"]);
});

test("work that does not commit is committed, and work that throws is not", async () => {
  await db.execute("DELETE FROM p");

  await pipeline.transaction((tx) => tx.execute("INSERT INTO p VALUES (1, 'kept')"), never);
  const thrown = pipeline.transaction(async (tx) => {
    await tx.execute("INSERT INTO p VALUES (2, 'gone')");
    throw new Error("changed my mind");
  }, never);

  await expect(thrown).rejects.toThrow("changed my mind");
  expect(await texts()).toEqual([{ id: 1n, text: "kept" }]);
});

test.each([
  "'; DELETE FROM p; -- ",
  "\\'; DELETE FROM p; -- ",
  "\\\\'; DELETE FROM p; #",
  '"; DELETE FROM p; /*',
  "? ?? :a ;\n\0\u001a 你好 🍺 ';",
])("a value stays a value: %j", async (text) => {
  await db.execute("DELETE FROM p");
  await db.execute("INSERT INTO p VALUES (1, 'witness')");

  const [, rows] = await pipeline.transaction(
    (tx) =>
      Promise.all([
        tx.execute("INSERT INTO p VALUES ?", [[[2, text]]]),
        tx.query("SELECT text FROM p WHERE text = ? AND id = ?", [text, 2]),
        tx.commit(),
      ]),
    never,
  );

  expect(rows).toEqual([{ text }]);
  expect(await texts()).toEqual([
    { id: 1n, text: "witness" },
    { id: 2n, text },
  ]);
});

test("values stay values on a server whose strings know no backslash", async () => {
  const [mode] = await db.query<{ mode: string }>("SELECT @@GLOBAL.sql_mode AS mode");
  await db.execute("SET GLOBAL sql_mode = CONCAT(@@GLOBAL.sql_mode, ',NO_BACKSLASH_ESCAPES')");
  try {
    await db.execute("DELETE FROM p");
    await using other = openPipeline(database.url, { poolSize: 1 });
    const text = "\\'; DELETE FROM p; -- ";

    await other.transaction((tx) => tx.execute("INSERT INTO p VALUES (?, ?)", [1, text]), never);

    expect(await texts()).toEqual([{ id: 1n, text }]);
  } finally {
    await db.execute("SET GLOBAL sql_mode = ?", [mode?.mode ?? ""]);
  }
});

test("a connection that is lost is unavailable, and the next transaction has another", async () => {
  const failed = pipeline.transaction(async (tx) => {
    const [row] = await tx.query<{ id: bigint }>("SELECT CONNECTION_ID() AS id");
    await db.execute("KILL ?", [row?.id ?? 0n]);
    await Promise.all([tx.query("SELECT 1"), tx.commit()]);
  }, never);

  await expect(failed).rejects.toMatchObject({ name: "ChatError", code: "unavailable" });
  // MySQL says of a literal that it is a BIGINT, MariaDB that it is an INT.
  await expect(
    pipeline.transaction((tx) => tx.query("SELECT 1 AS one"), never),
  ).resolves.toHaveLength(1);
});

test("transactions that lock each other out both succeed in the end", async () => {
  await db.execute("DELETE FROM p");
  await db.execute("INSERT INTO p VALUES (201, 'a'), (202, 'b')");
  const bothHold = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  let tries = 0;
  const update = (first: number, second: number, mine: 0 | 1) =>
    pipeline.transaction(async (tx) => {
      tries += 1;
      await tx.execute("UPDATE p SET text = CONCAT(text, '!') WHERE id = ?", [first]);
      bothHold[mine].resolve();
      await bothHold[mine === 0 ? 1 : 0].promise;
      await Promise.all([
        tx.execute("UPDATE p SET text = CONCAT(text, '!') WHERE id = ?", [second]),
        tx.commit(),
      ]);
    }, never);

  await Promise.all([update(201, 202, 0), update(202, 201, 1)]);

  expect(tries).toBe(3);
  expect(await texts()).toEqual([
    { id: 201n, text: "a!!" },
    { id: 202n, text: "b!!" },
  ]);
});
