-- Which process is publishing an outbox row. NULL: nobody, or a Go relay, which claims nothing.

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 't_message_outbox' AND column_name = 'claimed_by') = 0,
  'ALTER TABLE t_message_outbox ADD COLUMN claimed_by VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;

-- For a table that was made by hand without them.
SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE()
    AND table_name = 't_message_outbox' AND index_name = 'idx_msg_id') = 0,
  'ALTER TABLE t_message_outbox ADD KEY idx_msg_id (msg_id)',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE()
    AND table_name = 't_message_outbox' AND index_name = 'idx_status_next_retry') = 0,
  'ALTER TABLE t_message_outbox ADD KEY idx_status_next_retry (status, next_retry_time)',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;
