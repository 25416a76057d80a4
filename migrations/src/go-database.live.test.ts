import { describe, expect, test } from "vitest";
import { migrate } from "./migrate.ts";
import { goCollations, openGoDatabase, type ScratchDatabase } from "./testing/scratch-database.ts";

const group = "group:7421152536297500675";

describe.each(goCollations())("a database of the Go services in %s", (collation) => {
  test("keeps every message with its text, sender and time", async ({ signal }) => {
    await using database = await openGoDatabase(collation);
    const messages = `SELECT msg_id, LOWER(session_id) AS session_id, LOWER(sender_username) AS
      sender, content, msg_type, DATE_FORMAT(created_at, '%Y-%m-%d %T') AS at
      FROM t_message_content ORDER BY msg_id`;
    const before = await database.rows(messages);
    await migrate({ url: database.url, signal });
    expect(await database.rows(messages)).toEqual(before);
    expect(before).toHaveLength(14);
  });

  test("keeps users, sessions and memberships, and when they were changed", async ({ signal }) => {
    await using database = await openGoDatabase(collation);
    const users = `SELECT username, nickname, password, avatar, CAST(created_at AS CHAR(19)) AS c,
      CAST(updated_at AS CHAR(19)) AS u FROM t_user
      WHERE username NOT IN ('ops-bot', 'system') ORDER BY username`;
    const sessions = `SELECT session_id, type, name, LOWER(owner_username) AS owner,
      CAST(created_at AS CHAR(19)) AS c, CAST(updated_at AS CHAR(19)) AS u FROM t_session
      WHERE session_id NOT LIKE '%ops-bot%' ORDER BY session_id`;
    const members = `SELECT LOWER(session_id) AS session_id, LOWER(username) AS username,
      COALESCE(role, 0) AS role, COALESCE(last_read_seq, 0) AS last_read_seq,
      CAST(created_at AS CHAR(19)) AS c, CAST(updated_at AS CHAR(19)) AS u FROM t_session_member
      WHERE session_id NOT LIKE '%ops-bot%' AND username <> 'ops-bot' ORDER BY 1, 2`;
    const everything = async () => [
      byText(await database.rows(users)),
      byText(await database.rows(sessions)),
      byText(await database.rows(members)),
    ];
    const before = await everything();
    await migrate({ url: database.url, signal });
    expect(await everything()).toEqual(before);
    expect(before.map((rows) => rows.length)).toEqual([6, 5, 10]);
  });

  test("keeps the outbox byte by byte", async ({ signal }) => {
    await using database = await openGoDatabase(collation);
    const outbox = `SELECT id, msg_id, topic, HEX(payload) AS payload, status, retry_count,
      next_retry_time, created_at, updated_at FROM t_message_outbox ORDER BY id`;
    const before = await database.rows(outbox);
    await migrate({ url: database.url, signal });
    expect(await database.rows(outbox)).toEqual(before);
    expect(await database.rows("SELECT DISTINCT claimed_by FROM t_message_outbox")).toEqual([
      { claimed_by: null },
    ]);
  });

  test("gives doubled sequence numbers out anew, in msg_id order after the last", async ({
    signal,
  }) => {
    await using database = await openGoDatabase(collation);
    const notices: string[] = [];
    await migrate({ url: database.url, notify: (line) => notices.push(line), signal });
    expect(notices.filter((line) => line.startsWith("4 messages shared a seq_id"))).toHaveLength(1);
    expect(await sequence(database, "0")).toEqual([
      [1, "7421000000000000001"],
      [2, "7421000000000000002"],
      [4, "7421000000000000010"],
      [7, "7421000000000000040"],
      [8, "7421000000000000020"],
      [9, "7421000000000000030"],
    ]);
    expect(await sequence(database, "single:alice:zoe")).toEqual([
      [1, "7421000000000000200"],
      [2, "7421000000000000201"],
    ]);
    expect(await sequence(database, group)).toEqual([
      [1, "7421000000000000300"],
      [2, "7421000000000000301"],
      [10, "7421000000000000302"],
    ]);
    expect(
      await database.rows("SELECT session_id, max_seq_id AS max FROM t_session ORDER BY 1 LIMIT 3"),
    ).toEqual([
      { session_id: "0", max: "9" },
      { session_id: group, max: "10" },
      { session_id: "group:7421152536297500999", max: "0" },
    ]);
  });

  test("keeps inbox rows with their message and adds those that were refused", async ({
    signal,
  }) => {
    await using database = await openGoDatabase(collation);
    const rows = `SELECT id, LOWER(owner_username) AS owner, msg_id, COALESCE(is_read, 0) AS r,
      CAST(created_at AS CHAR(19)) AS c FROM t_inbox WHERE id <= 41 ORDER BY id`;
    const before = await database.rows(rows);
    await migrate({ url: database.url, signal });
    expect(await database.rows(rows)).toEqual(before);
    const strays = await database.rows(
      `SELECT i.id FROM t_inbox i LEFT JOIN t_message_content c
       ON c.msg_id = i.msg_id AND c.session_id = i.session_id AND c.seq_id = i.seq_id
       WHERE c.msg_id IS NULL`,
    );
    expect(strays).toEqual([]);
    const doubled = ["10", "20", "30"].map((last) => `74210000000000000${last}`);
    const owners = await database.rows(
      `SELECT msg_id, GROUP_CONCAT(owner_username ORDER BY owner_username) AS owners FROM t_inbox
       WHERE msg_id IN (${doubled}) GROUP BY msg_id ORDER BY msg_id`,
    );
    expect(owners).toEqual([
      { msg_id: doubled[0], owners: "Bob,alice,zoe" },
      { msg_id: doubled[1], owners: "Bob,alice,zoe" },
      { msg_id: doubled[2], owners: "Bob,alice,zoe" },
    ]);
  });

  test("gives every reference the spelling of the original", async ({ signal }) => {
    await using database = await openGoDatabase(collation);
    await migrate({ url: database.url, signal });
    const strays = await database.rows(`
      SELECT 'member' AS w, m.username AS n FROM t_session_member m
        LEFT JOIN t_user u ON u.username = m.username WHERE u.username IS NULL
      UNION ALL SELECT 'member session', m.session_id FROM t_session_member m
        LEFT JOIN t_session s ON s.session_id = m.session_id WHERE s.session_id IS NULL
      UNION ALL SELECT 'owner', s.owner_username FROM t_session s
        LEFT JOIN t_user u ON u.username = s.owner_username WHERE u.username IS NULL
      UNION ALL SELECT 'sender', c.sender_username FROM t_message_content c
        LEFT JOIN t_user u ON u.username = c.sender_username WHERE u.username IS NULL
      UNION ALL SELECT 'message session', c.session_id FROM t_message_content c
        LEFT JOIN t_session s ON s.session_id = c.session_id WHERE s.session_id IS NULL
      UNION ALL SELECT 'inbox', i.owner_username FROM t_inbox i
        LEFT JOIN t_user u ON u.username = i.owner_username WHERE u.username IS NULL
      UNION ALL SELECT 'inbox session', i.session_id FROM t_inbox i
        LEFT JOIN t_session s ON s.session_id = i.session_id WHERE s.session_id IS NULL`);
    expect(strays).toEqual([]);
  });

  test("opens a session with ops-bot for everybody whose name fits", async ({ signal }) => {
    await using database = await openGoDatabase(collation);
    const notices: string[] = [];
    await migrate({ url: database.url, notify: (line) => notices.push(line), signal });
    const sessions = await database.rows(
      `SELECT s.session_id, s.type, s.owner_username AS owner, s.max_seq_id AS max,
         GROUP_CONCAT(m.username ORDER BY m.username) AS members
       FROM t_session s JOIN t_session_member m ON m.session_id = s.session_id
       WHERE s.session_id LIKE '%ops-bot%'
       GROUP BY s.session_id, s.type, s.owner_username, s.max_seq_id ORDER BY s.session_id`,
    );
    const opened = { type: 1, max: "0" };
    expect(sessions).toEqual([
      { ...opened, session_id: "single:Bob:ops-bot", owner: "Bob", members: "Bob,ops-bot" },
      { ...opened, session_id: "single:alice:ops-bot", owner: "alice", members: "alice,ops-bot" },
      { ...opened, session_id: "single:ops-bot:zoe", owner: "zoe", members: "ops-bot,zoe" },
      { ...opened, session_id: "single:ops-bot:李雷", owner: "李雷", members: "ops-bot,李雷" },
    ]);
    expect(notices.filter((line) => line.startsWith("2 users got no session"))).toHaveLength(1);
  });

  test("still takes the statements of the Go services", async ({ signal }) => {
    await using database = await openGoDatabase(collation);
    await migrate({ url: database.url, signal });
    await database.run(`
      INSERT INTO t_user (username, nickname, password, avatar, created_at, updated_at)
        VALUES ('new', '', '$2a$10$x', '', '2026-02-01 10:00:00.123', '2026-02-01 10:00:00.123');
      INSERT INTO t_session (session_id, type, name, owner_username, max_seq_id, created_at, updated_at)
        VALUES ('single:alice:new', 1, '', 'new', 0, '2026-02-01 10:00:00.123', '2026-02-01 10:00:00.123');
      INSERT INTO t_session_member (session_id, username, role, last_read_seq, created_at, updated_at)
        VALUES ('single:alice:new', 'new', 1, 0, '2026-02-01 10:00:00.123', '2026-02-01 10:00:00.123');
      INSERT INTO t_message_content (msg_id, session_id, sender_username, seq_id, content, msg_type, created_at)
        VALUES (9, 'single:alice:new', 'new', 1, 'hi', 'text', '2026-02-01 10:00:00.123');
      UPDATE t_session SET max_seq_id = 1 WHERE session_id = 'single:alice:new' AND max_seq_id < 1;
      INSERT INTO t_message_outbox (msg_id, topic, payload, status, retry_count, next_retry_time, created_at, updated_at)
        VALUES (9, 'resonance.push.event.v1', 'x', 0, 0, NOW(3), NOW(3), NOW(3));
      INSERT INTO t_inbox (owner_username, session_id, msg_id, seq_id, is_read, created_at)
        VALUES ('new', 'single:alice:new', 9, 1, 0, '2026-02-01 10:00:00.123')`);
    expect(await database.rows("SELECT is_bot, role FROM t_user WHERE username = 'new'")).toEqual([
      { is_bot: 0, role: "user" },
    ]);
    expect(
      await database.rows("SELECT created_at FROM t_message_content WHERE msg_id = 9"),
    ).toEqual([{ created_at: "2026-02-01 10:00:00.123" }]);
  });
});

test("a Go database without an outbox gets one", async ({ signal }) => {
  await using database = await openGoDatabase();
  await database.run("DROP TABLE t_message_outbox");
  await migrate({ url: database.url, signal });
  expect(await database.rows("SELECT * FROM t_message_outbox")).toEqual([]);
});

test("an id under which others talk does not become their session with ops-bot", async ({
  signal,
}) => {
  await using database = await openGoDatabase();
  await database.run(`
    INSERT INTO t_session (session_id, type) VALUES ('single:alice:ops-bot', 1);
    INSERT INTO t_session_member (session_id, username)
    VALUES ('single:alice:ops-bot', 'alice'), ('single:alice:ops-bot', 'zoe')`);
  await migrate({ url: database.url, signal });
  expect(
    await database.rows(
      "SELECT username FROM t_session_member WHERE session_id = 'single:alice:ops-bot' ORDER BY 1",
    ),
  ).toEqual([{ username: "alice" }, { username: "zoe" }]);
});

async function sequence(database: ScratchDatabase, sessionId: string): Promise<unknown[]> {
  const rows = await database.rows<{ seq: string; msg: string }>(
    `SELECT seq_id AS seq, msg_id AS msg FROM t_message_content
     WHERE session_id = '${sessionId}' ORDER BY seq_id`,
  );
  return rows.map(({ seq, msg }) => [Number(seq), msg]);
}

/** The order of rows depends on the collation, which changes. */
function byText(rows: unknown[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
