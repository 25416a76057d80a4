import { expect, test } from "vitest";
import { migrate } from "./migrate.ts";
import { everythingIn, noPadCollation, openGoDatabase } from "./testing/scratch-database.ts";

const hash = "$2a$10$takentakentakentakentu3m2n0cQmG5n0d8xkqkqQk9m5y5bCtaken";

test.each(["ops-bot", "Ops-Bot", "system", "SYSTEM"])(
  "a person named %s stops the migration before it changes anything",
  async (name) => {
    await using database = await openGoDatabase();
    await database.run(`INSERT INTO t_user (username, password) VALUES ('${name}', '${hash}')`);
    const before = await everythingIn(database);
    const run = migrate({ url: database.url, signal: AbortSignal.timeout(20_000) });
    await expect(run).rejects.toMatchObject({
      code: "already_exists",
      message: expect.stringContaining(`has a user '${name}'`),
    });
    expect(await everythingIn(database)).toEqual(before);
  },
);

test("a user named ops-bot without a usable password counts as taken, unless it is a bot", async ({
  signal,
}) => {
  await using database = await openGoDatabase();
  await database.run("INSERT INTO t_user (username, password) VALUES ('ops-bot', '')");
  await expect(migrate({ url: database.url, signal })).rejects.toThrow("has a user 'ops-bot'");
  await database.run(`
    ALTER TABLE t_user ADD COLUMN is_bot TINYINT NOT NULL DEFAULT 0;
    UPDATE t_user SET is_bot = 1 WHERE username = 'ops-bot'`);
  await migrate({ url: database.url, signal });
});

test("an account named system that nobody can open is kept", async ({ signal }) => {
  await using database = await openGoDatabase();
  await database.run(
    "INSERT INTO t_user (username, nickname, password) VALUES ('system', 'The system', '')",
  );
  await migrate({ url: database.url, signal });
  expect(
    await database.rows("SELECT nickname, is_bot FROM t_user WHERE username = 'system'"),
  ).toEqual([{ nickname: "The system", is_bot: 0 }]);
});

test("the SQL in the error renames the person everywhere, and then it goes on", async ({
  signal,
}) => {
  await using database = await openGoDatabase();
  await database.run(`
    INSERT INTO t_user (username, password) VALUES ('Ops-Bot', '${hash}'), ('Ops-Bot-2', '${hash}');
    INSERT INTO t_session (session_id, type, owner_username)
      VALUES ('single:Ops-Bot:alice', 1, 'ops-bot'), ('single:Ops-Bot:zoe', 1, 'zoe');
    INSERT INTO t_session_member (session_id, username) VALUES
      ('single:Ops-Bot:alice', 'ops-bot'), ('single:Ops-Bot:alice', 'alice'),
      ('single:Ops-Bot:zoe', 'Ops-Bot'), ('single:Ops-Bot:zoe', 'zoe');
    INSERT INTO t_message_content (msg_id, session_id, sender_username, seq_id, content)
      VALUES (50, 'single:Ops-Bot:alice', 'OPS-BOT', 1, 'hi');
    INSERT INTO t_inbox (owner_username, session_id, msg_id, seq_id)
      VALUES ('Ops-Bot', 'single:Ops-Bot:alice', 50, 1)`);
  const error = await migrate({ url: database.url, signal }).catch((thrown: Error) => thrown);
  const sql = (error as Error).message.match(/START TRANSACTION;.*COMMIT;/s)?.[0];
  await database.run(String(sql));
  await migrate({ url: database.url, signal });
  expect(
    await database.rows(
      `SELECT c.session_id, s.owner_username AS owner, c.sender_username AS sender,
         i.owner_username AS inbox, u.password
       FROM t_message_content c JOIN t_session s ON s.session_id = c.session_id
       JOIN t_inbox i ON i.msg_id = c.msg_id JOIN t_user u ON u.username = c.sender_username
       WHERE c.msg_id = 50`,
    ),
  ).toEqual([
    {
      session_id: "single:Ops-Bot-3:alice",
      owner: "Ops-Bot-3",
      sender: "Ops-Bot-3",
      inbox: "Ops-Bot-3",
      password: hash,
    },
  ]);
  expect(
    await database.rows(
      `SELECT session_id, username FROM t_session_member
       WHERE session_id LIKE '%Ops-Bot-3%' AND username <> 'ops-bot' ORDER BY 1, 2`,
    ),
  ).toEqual([
    { session_id: "single:Ops-Bot-3:alice", username: "Ops-Bot-3" },
    { session_id: "single:Ops-Bot-3:alice", username: "alice" },
    { session_id: "single:Ops-Bot-3:ops-bot", username: "Ops-Bot-3" },
    { session_id: "single:Ops-Bot-3:zoe", username: "Ops-Bot-3" },
    { session_id: "single:Ops-Bot-3:zoe", username: "zoe" },
  ]);
});

test("names that only resemble ours are free once the accounts are there", async ({ signal }) => {
  await using database = await openGoDatabase();
  await migrate({ url: database.url, signal });
  await database.run(`INSERT INTO t_user (username, password) VALUES ('OPS-BOT', '${hash}')`);
  expect((await migrate({ url: database.url, signal })).applied).toEqual([]);
});

test.each([
  // Two people here, one there.
  ["that counts them", "alice-2"],
  ["that does not", "bob"],
])(
  "names with spaces at an end stop the migration, and the SQL in the error renames them, by a collation %s",
  async (counts, expected) => {
    const collation = counts === "that counts them" ? noPadCollation() : "utf8mb4_general_ci";
    await using database = await openGoDatabase(collation);
    const name = expected === "bob" ? "bob " : "alice ";
    await database.run(`
    DELETE FROM t_user WHERE username = 'Bob';
    INSERT INTO t_user (username, password) VALUES ('${name}', '${hash}'), ('李 雷　', '${hash}');
    INSERT INTO t_session (session_id, type) VALUES ('single:zoe:${name}', 1);
    INSERT INTO t_session_member (session_id, username) VALUES ('single:zoe:${name}', '${name}');
    INSERT INTO t_message_content (msg_id, session_id, sender_username, seq_id, content)
      VALUES (50, 'single:zoe:${name}', '${name}', 1, 'hi')`);
    const before = await everythingIn(database);

    const run = migrate({ url: database.url, signal: AbortSignal.timeout(20_000) });
    const error: Error = await run.then(
      () => expect.unreachable(),
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code: "already_exists" });
    expect(await everythingIn(database)).toEqual(before);
    await database.run(String(error.message.match(/START TRANSACTION;.*COMMIT;/s)?.[0]));
    await migrate({ url: database.url, signal: AbortSignal.timeout(20_000) });

    expect(
      await database.rows(
        `SELECT c.session_id, c.sender_username AS sender, m.username AS member, u.password
       FROM t_message_content c JOIN t_session_member m ON m.session_id = c.session_id
       JOIN t_user u ON u.username = c.sender_username WHERE c.msg_id = 50`,
      ),
    ).toEqual([
      { session_id: `single:zoe:${expected}`, sender: expected, member: expected, password: hash },
    ]);
    expect(await database.rows("SELECT 1 FROM t_user WHERE username = '李 雷'")).toHaveLength(1);
  },
);
