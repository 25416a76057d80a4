-- Everybody who is there already gets a one-to-one session with ops-bot, as a registration would
-- give it. Left out are names that make no such id (longer than 49 characters, empty, or with a
-- colon, which separates the names in an id) and ids under which others talk already.

DROP TEMPORARY TABLE IF EXISTS ops_bot_session;
CREATE TEMPORARY TABLE ops_bot_session (
  username   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  session_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
) ENGINE=InnoDB;

START TRANSACTION;

-- The names of an id stand in byte order.
INSERT INTO ops_bot_session (username, session_id)
SELECT person.username, person.session_id
FROM (
  SELECT username, IF(CAST(username AS BINARY) < CAST('ops-bot' AS BINARY),
    CONCAT('single:', username, ':ops-bot'), CONCAT('single:ops-bot:', username)) AS session_id
  FROM t_user
  WHERE is_bot = 0 AND username NOT IN ('ops-bot', 'system')
    AND CHAR_LENGTH(username) BETWEEN 1 AND 49 AND LOCATE(':', username) = 0
) person
WHERE NOT EXISTS (
  SELECT 1 FROM t_session_member m
  WHERE m.session_id = person.session_id AND m.username NOT IN (person.username, 'ops-bot')
);

INSERT INTO t_session (session_id, type, name, owner_username, max_seq_id)
SELECT session_id, 1, '', username, 0 FROM ops_bot_session
ON DUPLICATE KEY UPDATE session_id = t_session.session_id;

INSERT INTO t_session_member (session_id, username, role, last_read_seq)
SELECT session_id, username, 1, 0 FROM ops_bot_session
ON DUPLICATE KEY UPDATE username = t_session_member.username;

INSERT INTO t_session_member (session_id, username, role, last_read_seq)
SELECT session_id, 'ops-bot', 0, 0 FROM ops_bot_session
ON DUPLICATE KEY UPDATE username = t_session_member.username;

COMMIT;

SELECT CONCAT(COUNT(*), ' users got no session with ops-bot: their names do not fit a session id, or others talk under that id') AS notice
FROM t_user u LEFT JOIN ops_bot_session s ON s.username = u.username
WHERE s.username IS NULL AND u.is_bot = 0 AND u.username NOT IN ('ops-bot', 'system')
HAVING COUNT(*) > 0;
DROP TEMPORARY TABLE ops_bot_session;
