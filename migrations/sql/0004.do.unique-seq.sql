-- A seq_id is given once in a session. Where the Go services gave one twice, the lowest msg_id
-- keeps it; the others get the numbers after the session's last, in msg_id order. Their inbox rows
-- move with them, and the rows that the doubled number had kept out of the inboxes are written.
-- One transaction: a killed run leaves no half of it.

DROP TEMPORARY TABLE IF EXISTS doubled_seq;
CREATE TEMPORARY TABLE doubled_seq (
  msg_id     BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  session_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  old_seq_id BIGINT UNSIGNED NOT NULL,
  new_seq_id BIGINT UNSIGNED NOT NULL
) ENGINE=InnoDB;

START TRANSACTION;

INSERT INTO doubled_seq (msg_id, session_id, old_seq_id, new_seq_id)
WITH doubled AS (
  SELECT session_id, seq_id FROM t_message_content GROUP BY session_id, seq_id HAVING COUNT(*) > 1
), ranked AS (
  SELECT c.msg_id, c.session_id, c.seq_id,
    ROW_NUMBER() OVER (PARTITION BY c.session_id, c.seq_id ORDER BY c.msg_id) = 1 AS keeps
  FROM t_message_content c
  JOIN doubled d ON d.session_id = c.session_id AND d.seq_id = c.seq_id
), numbers AS (
  SELECT session_id, seq_id FROM t_message_content
  UNION ALL SELECT session_id, seq_id FROM t_inbox
  UNION ALL SELECT session_id, max_seq_id FROM t_session
), last_numbers AS (
  SELECT session_id, MAX(seq_id) AS seq_id
  FROM numbers WHERE session_id IN (SELECT session_id FROM doubled) GROUP BY session_id
)
SELECT r.msg_id, r.session_id, r.seq_id,
  IF(r.keeps, r.seq_id,
    l.seq_id + ROW_NUMBER() OVER (PARTITION BY r.session_id, r.keeps ORDER BY r.msg_id))
FROM ranked r JOIN last_numbers l ON l.session_id = r.session_id;

UPDATE t_message_content c JOIN doubled_seq d ON d.msg_id = c.msg_id
SET c.seq_id = d.new_seq_id
WHERE d.new_seq_id <> d.old_seq_id;

UPDATE t_inbox i JOIN doubled_seq d ON d.msg_id = i.msg_id AND d.session_id = i.session_id
SET i.seq_id = d.new_seq_id
WHERE d.new_seq_id <> d.old_seq_id AND i.seq_id = d.old_seq_id;

INSERT INTO t_inbox (owner_username, session_id, msg_id, seq_id, is_read, created_at)
SELECT m.username, d.session_id, d.msg_id, d.new_seq_id, 0, c.created_at
FROM doubled_seq d
JOIN t_message_content c ON c.msg_id = d.msg_id
JOIN t_session_member m ON m.session_id = d.session_id
WHERE NOT EXISTS (
  SELECT 1 FROM t_inbox i
  WHERE i.owner_username = m.username AND i.session_id = d.session_id AND i.seq_id = d.new_seq_id
)
ORDER BY d.session_id, d.new_seq_id, m.username;

-- Only upwards: a number once announced is not given again.
UPDATE t_session s
JOIN (SELECT session_id, MAX(seq_id) AS seq_id FROM t_message_content GROUP BY session_id) c
  ON c.session_id = s.session_id
SET s.max_seq_id = c.seq_id, s.updated_at = s.updated_at
WHERE s.max_seq_id < c.seq_id;

COMMIT;

SELECT CONCAT(COUNT(*), ' messages shared a seq_id with an older one and have the next free number of their session now') AS notice
FROM doubled_seq WHERE new_seq_id <> old_seq_id HAVING COUNT(*) > 0;
DROP TEMPORARY TABLE doubled_seq;

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE()
    AND table_name = 't_message_content' AND index_name = 'uniq_sess_seq') = 0,
  'ALTER TABLE t_message_content ADD UNIQUE KEY uniq_sess_seq (session_id, seq_id)',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE()
    AND table_name = 't_message_content' AND index_name = 'idx_sess_seq') > 0,
  'ALTER TABLE t_message_content DROP KEY idx_sess_seq',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;
