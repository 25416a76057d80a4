-- PullInboxDelta reads one owner's rows after a cursor, by id.

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE()
    AND table_name = 't_inbox' AND index_name = 'idx_owner_id') = 0,
  'ALTER TABLE t_inbox ADD KEY idx_owner_id (owner_username, id)',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;
