import { openDatabase, openPipeline, type Transaction } from "@resonance/db";
import { migrate } from "@resonance/migrations";
import { openTestDatabase } from "@resonance/testkit/vitest";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { AuditEntry } from "./audit-entry.ts";
import { AuditLog } from "./audit-log.ts";
import { runAudit } from "./run-audit.ts";
import { verifyAudit } from "./verify-audit.ts";

const key = "a key of thirty-two bytes, or of more";
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let db: ReturnType<typeof openDatabase>;

beforeAll(async () => {
  database = await openTestDatabase();
  await migrate({ url: database.url, signal: AbortSignal.timeout(60_000) });
  db = openDatabase(database.url);
});
afterAll(async () => {
  await db?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await db.execute("DELETE FROM t_audit");
  await db.execute("DELETE FROM t_bot_audit_head");
  await db.execute("DELETE FROM t_bot_context");
});

function entry(number: number): AuditEntry {
  return { kind: "tool", actor: "alice", sessionId: "0", msgId: 7n, details: { number, 名: "值" } };
}

async function write(count: number): Promise<void> {
  const audit = new AuditLog(db, key);
  for (let number = 1; number <= count; number++) await audit.append(entry(number));
}

async function flaws(): Promise<string[]> {
  const { flaws: found } = await verifyAudit(db, key);
  return found.map(
    ({ seq, what, from }) => `${seq} ${what}${from === undefined ? "" : ` ${from}`}`,
  );
}

test("what is written holds, also when several processes write at once", async () => {
  await using pipeline = openPipeline(database.url, { poolSize: 2 });
  const processes = Array.from(
    { length: 4 },
    (_, number) => new AuditLog(number % 2 === 0 ? db : pipeline, key),
  );

  await Promise.all(
    Array.from({ length: 100 }, (_, number) => processes[number % 4]?.append(entry(number))),
  );

  expect(await verifyAudit(db, key)).toEqual({ rows: 100, flaws: [] });
});

test("entries are in one commit with what is written alongside, and neither without the other", async () => {
  await using pipeline = openPipeline(database.url, { poolSize: 2 });
  const audit = new AuditLog(pipeline, key);
  const setContext = (name: string, named: string) => async (tx: Transaction) => {
    const values = [name, named];
    await tx.execute(
      "INSERT INTO t_bot_context (session_id, bot_username, named) VALUES (?, 'b', ?)",
      values,
    );
    return true;
  };

  const results = await Promise.allSettled([
    audit.appendWith([entry(1), entry(2)], setContext("one", "[]")),
    audit.appendWith([entry(3)], async () => false),
    // Its name is longer than its column.
    audit.appendWith([entry(4)], setContext("x".repeat(100), "[]")),
    audit.append(entry(5)),
  ]);

  expect(results.map(({ status }) => status)).toEqual([
    "fulfilled",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  expect(results.slice(0, 2)).toMatchObject([{ value: true }, { value: false }]);
  const rows = await db.query<{ details: string }>("SELECT details FROM t_audit ORDER BY seq");
  expect(rows.map(({ details }) => JSON.parse(details).number)).toEqual([1, 2, 5]);
  expect(await db.query("SELECT session_id AS id FROM t_bot_context")).toEqual([{ id: "one" }]);
  expect(await flaws()).toEqual([]);
});

test.each([
  ["a changed word", "UPDATE t_audit SET details = '{}' WHERE seq = 3", ["3 changed"]],
  ["a changed name", "UPDATE t_audit SET actor = 'mallory' WHERE seq = 1", ["1 changed"]],
  ["a changed time", "UPDATE t_audit SET at_ms = at_ms + 1 WHERE seq = 6", ["6 changed"]],
  ["a row taken out", "DELETE FROM t_audit WHERE seq = 4", ["4 missing"]],
  ["the first row taken out", "DELETE FROM t_audit WHERE seq = 1", ["1 missing"]],
  ["the end taken off", "DELETE FROM t_audit WHERE seq > 4", ["5 missing", "6 missing"]],
  ["everything taken out", "DELETE FROM t_audit WHERE seq > 5", ["6 missing"]],
])("%s is found and named", async (_what, statement, expected) => {
  await write(6);

  await db.execute(statement);

  expect(await flaws()).toEqual(expected);
});

test("two rows that changed places are found and named", async () => {
  await write(6);

  await db.execute("UPDATE t_audit SET seq = 100 WHERE seq = 2");
  await db.execute("UPDATE t_audit SET seq = 2 WHERE seq = 5");
  await db.execute("UPDATE t_audit SET seq = 5 WHERE seq = 100");

  expect(await flaws()).toEqual(["2 moved 5", "5 moved 2"]);
});

test("whoever has no key makes no chain that holds", async () => {
  await write(3);
  await db.execute("DELETE FROM t_audit WHERE seq > 1");
  await new AuditLog(db, "another key of thirty-two bytes or more").append(entry(9));

  expect(await flaws()).toEqual(["2 changed", "3 missing"]);
});

test("the command says what it found, and exports every row", async () => {
  await write(3);
  const run = async (...words: string[]) => {
    let out = "";
    const environment = { RESONANCE_MYSQL_URL: database.url, RESONANCE_AUDIT_KEY: key };
    const code = await runAudit(words, environment, {
      out: (text) => {
        out += text;
      },
      error: (text) => {
        out += text;
      },
    });
    return { code, out };
  };

  expect(await run("verify")).toMatchObject({ code: 0 });
  const lines = (await run("export")).out.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).seq)).toEqual(["1", "2", "3"]);
  expect(JSON.parse((await run("show", "--last", "1")).out)).toMatchObject({
    details: { number: 3 },
  });
  await db.execute("UPDATE t_audit SET actor = 'mallory' WHERE seq = 2");
  expect(await run("verify")).toEqual({
    code: 1,
    out: expect.stringContaining("row 2 is changed"),
  });
  expect(await run("erase")).toMatchObject({
    code: 2,
    out: expect.stringContaining("npm run audit"),
  });
});

test.each([["--help"], ["verify", "--all"], []])(
  "%j is answered with the usage",
  async (...words) => {
    const said: string[] = [];
    const output = { out: () => undefined, error: (text: string) => void said.push(text) };
    expect(await runAudit(words, {}, output)).toBe(2);
    expect(said.join("")).toContain("npm run audit -- verify");
  },
);
