-- The session's last seq_id when the member joined: what was said before is in the history, and no
-- news to the member. 0, the default, is what a row of the Go services means: all is news.

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 't_session_member' AND column_name = 'joined_seq') = 0,
  'ALTER TABLE t_session_member ADD COLUMN joined_seq BIGINT UNSIGNED NOT NULL DEFAULT 0',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;
