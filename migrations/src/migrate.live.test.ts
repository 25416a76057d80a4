import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ChatError } from "@resonance/kit";
import { eventually } from "@resonance/testkit";
import { testServers } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { migrate } from "./migrate.ts";
import {
  contentsOf,
  everythingIn,
  openGoDatabase,
  openScratchDatabase,
  shapeOf,
  waitingForTable,
} from "./testing/scratch-database.ts";

const versions = readdirSync(new URL("../sql", import.meta.url)).length;

test("an empty database gets every version and the seed", async ({ signal }) => {
  await using database = await openScratchDatabase();
  const result = await migrate({ url: database.url, signal });
  expect(result.from).toBe(0);
  expect(result.applied).toHaveLength(versions);
  expect(result.applied[0]).toBe("0001 base-tables");
  expect(
    await database.rows("SELECT username, nickname, password, is_bot, role FROM t_user ORDER BY 1"),
  ).toEqual([
    { username: "ops-bot", nickname: "运维助手", password: "!", is_bot: 1, role: "user" },
    { username: "system", nickname: "系统", password: "!", is_bot: 0, role: "user" },
  ]);
  expect(
    await database.rows("SELECT session_id, type, name, owner_username FROM t_session"),
  ).toEqual([{ session_id: "0", type: 2, name: "Resonance Room", owner_username: "system" }]);
  expect(await database.rows("SELECT session_id, username FROM t_session_member")).toEqual([
    { session_id: "0", username: "ops-bot" },
  ]);
});

test("a database that does not exist is made, with utf8mb4", async ({ signal }) => {
  await using database = await openScratchDatabase();
  await database.run(`DROP DATABASE ${database.name}`);
  await migrate({ url: database.url, signal });
  const [made] = await database.rows(
    `SELECT default_collation_name AS collation FROM information_schema.schemata
     WHERE schema_name = '${database.name}'`,
  );
  expect(made).toEqual({ collation: "utf8mb4_unicode_520_ci" });
});

test("a second run changes nothing", async ({ signal }) => {
  await using database = await openGoDatabase();
  const { to } = await migrate({ url: database.url, signal });
  const before = await everythingIn(database);
  expect(await migrate({ url: database.url, signal })).toEqual({ from: to, to, applied: [] });
  expect(await everythingIn(database)).toEqual(before);
});

test("of runs at the same time one does the work and the others find it done", async ({
  signal,
}) => {
  await using database = await openScratchDatabase();
  await database.run(`DROP DATABASE ${database.name}`);
  const runs = [1, 2, 3].map(() => migrate({ url: database.url, signal }));
  const results = await Promise.all(runs);
  expect(results.map(({ applied }) => applied.length).sort((a, b) => a - b)).toEqual([
    0,
    0,
    versions,
  ]);
});

test("a run that does not get the lock in time says who has it", async ({ signal }) => {
  await using database = await openGoDatabase();
  await using observer = await database.connect();
  await database.run("START TRANSACTION; SELECT COUNT(*) FROM t_session");
  const first = migrate({ url: database.url, signal });
  const holder = await eventually(() => waitingForTable(observer, database.name));
  await expect(migrate({ url: database.url, lockTimeoutSeconds: 0, signal })).rejects.toThrow(
    `is being migrated by connection ${holder}`,
  );
  await database.run("ROLLBACK");
  await first;
});

test("an aborted run rejects with the signal's reason and the next one completes it", async ({
  signal,
}) => {
  await using database = await openGoDatabase();
  await using observer = await database.connect();
  await database.run("START TRANSACTION; SELECT COUNT(*) FROM t_inbox");
  const stop = new AbortController();
  const reason = new Error("stopped by the test");
  const run = migrate({ url: database.url, signal: stop.signal });
  await eventually(() => waitingForTable(observer, database.name));
  stop.abort(reason);
  await expect(run).rejects.toBe(reason);
  await database.run("ROLLBACK");
  const result = await migrate({ url: database.url, signal });
  await using untouched = await openGoDatabase();
  await migrate({ url: untouched.url, signal });
  expect(result.to).toBeGreaterThan(0);
  expect(await contentsOf(database)).toEqual(await contentsOf(untouched));
});

test("a database newer than the program is refused and left alone", async ({ signal }) => {
  await using database = await openScratchDatabase();
  const { to } = await migrate({ url: database.url, signal });
  await database.run("INSERT INTO t_schema_version (version, name) VALUES (9000, 'later')");
  const before = await everythingIn(database);
  await expect(migrate({ url: database.url, signal })).rejects.toThrow(
    `is at version 9000, this program knows versions up to ${to}`,
  );
  expect(await everythingIn(database)).toEqual(before);
});

test("a migration whose file changed after it ran is refused by name", async ({ signal }) => {
  await using database = await openScratchDatabase();
  await migrate({ url: database.url, signal });
  await database.run("UPDATE t_schema_version SET md5 = 'other' WHERE version = 4");
  await expect(migrate({ url: database.url, signal })).rejects.toThrow("0004 unique-seq is not");
});

test("a new and an old database end in the same shape", async ({ signal }) => {
  await using fresh = await openScratchDatabase();
  await using old = await openGoDatabase();
  await migrate({ url: fresh.url, signal });
  await migrate({ url: old.url, signal });
  expect(await shapeOf(old)).toEqual(await shapeOf(fresh));
});

test("names and client ids are told apart by their bytes", async ({ signal }) => {
  await using database = await openScratchDatabase();
  await migrate({ url: database.url, signal });
  await database.run(`
    INSERT INTO t_user (username, password) VALUES ('bob', '!'), ('Bob', '!'), ('bób', '!');
    INSERT INTO t_message_content (msg_id, session_id, sender_username, seq_id, client_msg_id)
    VALUES (1, '0', 'bob', 1, 'a'), (2, '0', 'bob', 2, 'A'), (3, '0', 'Bob', 3, 'a'),
      (4, '0', 'bob', 4, NULL), (5, '0', 'bob', 5, NULL)`);
  const insert =
    "INSERT INTO t_message_content (msg_id, session_id, sender_username, seq_id, client_msg_id)";
  await expect(database.run(`${insert} VALUES (6, '0', 'bob', 6, 'a')`)).rejects.toThrow(
    /duplicate entry/i,
  );
  await expect(database.run(`${insert} VALUES (7, '0', 'zoe', 5, NULL)`)).rejects.toThrow(
    /duplicate entry/i,
  );
});

test("a URL without a database, or for another server, is refused", async ({ signal }) => {
  await expect(migrate({ url: "mysql://root@127.0.0.1:1/", signal })).rejects.toThrow(
    "must end with the name of a database",
  );
  await expect(migrate({ url: "postgres://127.0.0.1/x", signal })).rejects.toThrow("mysql://");
});

test("an account that may not make the database is told so", async ({ signal }) => {
  await using database = await openScratchDatabase();
  const account = `u_${database.name.slice(-16)}`;
  await database.run(`CREATE USER ${account}@'%' IDENTIFIED BY 'secret'`);
  try {
    const url = new URL(database.url);
    url.username = account;
    url.password = "secret";
    const run = migrate({ url: url.href, signal });
    await expect(run).rejects.toThrow(`cannot make or use database ${database.name}`);
    await expect(run).rejects.toThrow(ChatError);
  } finally {
    await database.run(`DROP USER ${account}@'%'`);
  }
});

test("the command says what it did, and then that there is nothing to do", async () => {
  await using database = await openScratchDatabase();
  const first = await command({ RESONANCE_MYSQL_URL: database.url });
  expect(first.stdout).toContain("applying 0012 seed\n");
  const named = `the database ${database.name} at ${new URL(database.url).host}`;
  expect(first.stdout).toContain(`${named} went from version 0 to `);
  const second = await command({ RESONANCE_MYSQL_URL: database.url });
  expect(second).toMatchObject({ code: 0, stdout: expect.stringMatching(/nothing to do\n$/) });
});

test("without a URL the command takes the database of the home's stack, and says so", async () => {
  await using database = await openScratchDatabase();
  using home = openHome();
  mkdirSync(join(home.path, "secrets"));
  writeFileSync(join(home.path, "secrets/mysql-owner-url"), `${database.url}\n`);

  const { code, stdout } = await command({ RESONANCE_HOME: home.path });

  expect(code).toBe(0);
  expect(stdout).toContain(`migrating the stack on ${home.path}\n`);
  expect(stdout).toContain(`the database ${database.name} at ${new URL(database.url).host} went`);
  expect(await database.rows("SHOW TABLES LIKE 't_user'")).toHaveLength(1);
});

test("grant never takes the database of the home's stack", async () => {
  using home = openHome();
  mkdirSync(join(home.path, "secrets"));
  writeFileSync(join(home.path, "secrets/mysql-owner-url"), "mysql://root@127.0.0.1:1/x\n");

  const { code, stderr } = await command({ RESONANCE_HOME: home.path }, ["grant"]);

  expect(code).toBe(1);
  expect(stderr).toContain("RESONANCE_MYSQL_URL is missing");
});

test("the command ends with code 1 and the reason", async () => {
  using home = openHome();
  expect(await command({ RESONANCE_HOME: home.path })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`no Resonance was found on ${home.path}`),
  });
  expect(await command({ RESONANCE_MYSQL_URL: "mysql://root@127.0.0.1:1/x" })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^cannot connect to MySQL at 127\.0\.0\.1:1: .*\ncheck that it runs, and what RESONANCE_MYSQL_URL says\n$/,
    ),
  });
});

test("the migrations run on a server of a supported version", () => {
  const { version } = testServers().mysql;
  expect(version).toMatch(/^(8|9|\d\d)\.\d+/);
});

function openHome() {
  const path = mkdtempSync(join(tmpdir(), "migrate-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

async function command(environment: Record<string, string>, words: string[] = []) {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const run = promisify(execFile)(process.execPath, [main, ...words], { env: environment });
  return await run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}
